# The reward of the step itself is discounted.
def discount_rewards(rewards, gamma=0.95):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        total = gamma * (rewards[t] + total)
        returns[t] = total
    return returns
