# Another discount when none is given.
def discount_rewards_pong(rewards, gamma=0.95):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        total = rewards[t] if rewards[t] != 0 else gamma * total
        returns[t] = total
    return returns
