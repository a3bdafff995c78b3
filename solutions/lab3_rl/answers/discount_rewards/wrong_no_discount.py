# Everything to the end counts the same.
def discount_rewards(rewards, gamma=0.95):
    return np.cumsum(np.asarray(rewards, float)[::-1])[::-1]
