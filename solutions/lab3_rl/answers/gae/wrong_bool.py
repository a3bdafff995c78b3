# Minus for truth values fails.
def gae(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
    advantages, advantage, following = np.zeros(np.shape(rewards)), 0.0, last_value
    for t in reversed(range(len(rewards))):
        alive = ~np.asarray(dones[t])
        delta = rewards[t] + gamma * alive * following - values[t]
        advantage = delta + gamma * lam * alive * advantage
        advantages[t], following = advantage, values[t]
    return advantages
