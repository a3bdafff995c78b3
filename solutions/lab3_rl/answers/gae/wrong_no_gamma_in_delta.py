# The next value is not discounted.
def gae(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
    rewards, values, dones = (np.asarray(x, float) for x in (rewards, values, dones))
    advantages, advantage, following = np.zeros(rewards.shape), 0.0, np.asarray(last_value, float)
    for t in reversed(range(len(rewards))):
        alive = 1 - dones[t]
        delta = rewards[t] + alive * following - values[t]
        advantage = delta + gamma * lam * alive * advantage
        advantages[t], following = advantage, values[t]
    return advantages
