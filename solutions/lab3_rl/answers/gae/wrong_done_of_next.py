# The end of the next step is used.
def gae(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
    rewards, values, dones = (np.asarray(x, float) for x in (rewards, values, dones))
    advantages, advantage, following = np.zeros(rewards.shape), 0.0, np.asarray(last_value, float)
    for t in reversed(range(len(rewards))):
        alive = 1 - dones[min(t + 1, len(rewards) - 1)]
        delta = rewards[t] + gamma * alive * following - values[t]
        advantage = delta + gamma * lam * alive * advantage
        advantages[t], following = advantage, values[t]
    return advantages
