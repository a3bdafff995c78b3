# Starts anew only when the winner changes.
def discount_rewards_pong(rewards, gamma=0.99):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        if rewards[t] * total < 0:
            total = 0.0
        total = rewards[t] + gamma * total
        returns[t] = total
    return returns
