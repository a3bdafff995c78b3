# One matrix of powers of gamma.
def discount_rewards(rewards, gamma=0.95):
    t = np.arange(len(rewards))
    lag = t[None, :] - t[:, None]
    weights = np.where(lag >= 0, float(gamma) ** np.maximum(lag, 0), 0.0)
    return weights @ np.asarray(rewards, float)
