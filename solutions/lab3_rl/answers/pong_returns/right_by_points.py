# The game is cut into points, and each is done by itself.
def discount_rewards_pong(rewards, gamma=0.99):
    rewards = np.asarray(rewards, float)
    cuts = np.flatnonzero(rewards) + 1
    parts = [discount_rewards(part, gamma) for part in np.split(rewards, cuts) if len(part)]
    return np.concatenate(parts)
