# Discounts by the number of the step, not by the distance.
def discount_rewards(rewards, gamma=0.95):
    weighted = np.asarray(rewards, float) * gamma ** np.arange(len(rewards))
    return np.cumsum(weighted[::-1])[::-1]
