# The result has the type of the rewards.
def discount_rewards_pong(rewards, gamma=0.99):
    returns, total = np.zeros_like(rewards), 0.0
    for t in reversed(range(len(rewards))):
        total = rewards[t] if rewards[t] != 0 else gamma * total
        returns[t] = total
    return returns
