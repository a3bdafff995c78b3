# Every step gets the whole point.
def discount_rewards_pong(rewards, gamma=0.99):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        total = rewards[t] if rewards[t] != 0 else total
        returns[t] = total
    return returns
