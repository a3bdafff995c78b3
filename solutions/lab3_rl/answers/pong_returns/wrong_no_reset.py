# Does not start anew at a point.
def discount_rewards_pong(rewards, gamma=0.99):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        total = rewards[t] + gamma * total
        returns[t] = total
    return returns
