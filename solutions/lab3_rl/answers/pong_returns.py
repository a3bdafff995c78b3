# %% right: by_points · the game is cut at the points, and discount_rewards runs on each part
def discount_rewards_pong(rewards, gamma=0.99):
    rewards = np.asarray(rewards, float)
    cuts = np.flatnonzero(rewards) + 1
    parts = [discount_rewards(part, gamma) for part in np.split(rewards, cuts) if len(part)]
    return np.concatenate(parts)

# %% right: reset · the sum is set to 0 at a point by an if statement
def discount_rewards_pong(rewards, gamma=0.99):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        if rewards[t] != 0:
            total = 0.0
        total = rewards[t] + gamma * total
        returns[t] = total
    return returns

# %% right: hint_3 · hint 3, filled in
def discount_rewards_pong(rewards, gamma=0.99):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        if rewards[t] != 0:
            total = 0.0
        total = rewards[t] + gamma * total
        returns[t] = total
    return returns

# %% wrong: changed_sign · starts anew only when the sign of the reward changes
def discount_rewards_pong(rewards, gamma=0.99):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        if rewards[t] * total < 0:
            total = 0.0
        total = rewards[t] + gamma * total
        returns[t] = total
    return returns

# %% wrong: default · gamma is 0.95 by default
# - def discount_rewards_pong(rewards, gamma=0.99):
# + def discount_rewards_pong(rewards, gamma=0.95):

# %% wrong: forwards · runs forwards: the past counts instead of the future
# -     for t in reversed(range(len(rewards))):
# +     for t in range(len(rewards)):

# %% wrong: integers · the result has the type of the rewards, so integers are cut
# -     returns, total = np.zeros(len(rewards)), 0.0
# +     returns, total = np.zeros_like(rewards), 0.0

# %% wrong: no_reset · the sum does not start anew at a point
# -         total = rewards[t] if rewards[t] != 0 else gamma * total
# +         total = rewards[t] + gamma * total

# %% wrong: normalized · the returns are normalised as well
# -     return returns
# +     return (returns - returns.mean()) / (returns.std() + 1e-8)

# %% wrong: only_lost · starts anew only at lost points
def discount_rewards_pong(rewards, gamma=0.99):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        if rewards[t] < 0:
            total = 0.0
        total = rewards[t] + gamma * total
        returns[t] = total
    return returns

# %% wrong: only_won · starts anew only at won points
def discount_rewards_pong(rewards, gamma=0.99):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        if rewards[t] > 0:
            total = 0.0
        total = rewards[t] + gamma * total
        returns[t] = total
    return returns

# %% wrong: reset_after · the sum is set to 0 once the point is added, so nothing is left of it
def discount_rewards_pong(rewards, gamma=0.99):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        total = rewards[t] + gamma * total
        if rewards[t] != 0:
            total = 0.0
        returns[t] = total
    return returns

# %% wrong: sign_only · gamma has no effect: every step gets the whole point
# -         total = rewards[t] if rewards[t] != 0 else gamma * total
# +         total = rewards[t] if rewards[t] != 0 else total
