# Forgets the point itself.
def discount_rewards_pong(rewards, gamma=0.99):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        total = rewards[t] + gamma * total
        if rewards[t] != 0:
            total = 0.0
        returns[t] = total
    return returns
