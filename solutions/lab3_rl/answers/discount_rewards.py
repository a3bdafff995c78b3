# %% right: accumulate · itertools.accumulate on the reversed rewards; float32
from itertools import accumulate


def discount_rewards(rewards, gamma=0.95):
    backwards = accumulate(
        reversed([float(r) for r in rewards]), lambda total, r: r + gamma * total
    )
    return np.array(list(backwards)[::-1], dtype=np.float32)

# %% right: matrix · one matrix of the powers of gamma
def discount_rewards(rewards, gamma=0.95):
    t = np.arange(len(rewards))
    lag = t[None, :] - t[:, None]
    weights = np.where(lag >= 0, float(gamma) ** np.maximum(lag, 0), 0.0)
    return weights @ np.asarray(rewards, float)

# %% right: hint_3 · hint 3, filled in
def discount_rewards(rewards, gamma=0.95):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        total = rewards[t] + gamma * total
        returns[t] = total
    return returns

# %% wrong: default · gamma is 0.99 by default
# - def discount_rewards(rewards, gamma=0.95):
# + def discount_rewards(rewards, gamma=0.99):

# %% wrong: forwards · runs forwards: the past counts instead of the future
# -     for t in reversed(range(len(rewards))):
# +     for t in range(len(rewards)):

# %% wrong: from_start · discounts by the number of the step, not by the distance
def discount_rewards(rewards, gamma=0.95):
    weighted = np.asarray(rewards, float) * gamma ** np.arange(len(rewards))
    return np.cumsum(weighted[::-1])[::-1]

# %% wrong: in_place · writes the returns into the caller's rewards
def discount_rewards(rewards, gamma=0.95):
    rewards = np.asarray(rewards, float)
    for t in reversed(range(len(rewards) - 1)):
        rewards[t] += gamma * rewards[t + 1]
    return rewards

# %% wrong: integers · the result has the type of the rewards, so integers are cut
# -     returns, total = np.zeros(len(rewards)), 0.0
# +     returns, total = np.zeros_like(rewards), 0.0

# %% wrong: no_discount · gamma has no effect: plain sums to the end
def discount_rewards(rewards, gamma=0.95):
    return np.cumsum(np.asarray(rewards, float)[::-1])[::-1]

# %% wrong: normalized · the returns are normalised as well
# -     return returns
# +     return (returns - returns.mean()) / (returns.std() + 1e-8)

# %% wrong: own_reward_discounted · the reward of the step itself is discounted
# -         total = rewards[t] + gamma * total
# +         total = gamma * (rewards[t] + total)

# %% wrong: resets · the sum starts anew at every reward, as in Pong
# -         total = rewards[t] + gamma * total
# +         total = rewards[t] if rewards[t] != 0 else gamma * total

# %% wrong: total_only · one return for the whole episode
def discount_rewards(rewards, gamma=0.95):
    return sum(gamma**k * r for k, r in enumerate(rewards))
