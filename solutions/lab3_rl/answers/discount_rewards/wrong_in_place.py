# Writes into the rewards.
def discount_rewards(rewards, gamma=0.95):
    rewards = np.asarray(rewards, float)
    for t in reversed(range(len(rewards) - 1)):
        rewards[t] += gamma * rewards[t + 1]
    return rewards
