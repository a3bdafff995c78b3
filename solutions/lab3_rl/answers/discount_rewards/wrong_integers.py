# The result has the type of the rewards.
def discount_rewards(rewards, gamma=0.95):
    returns, total = np.zeros_like(rewards), 0.0
    for t in reversed(range(len(rewards))):
        total = rewards[t] + gamma * total
        returns[t] = total
    return returns
