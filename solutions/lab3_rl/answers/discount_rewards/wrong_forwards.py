# The discount runs the wrong way round: the past counts.
def discount_rewards(rewards, gamma=0.95):
    returns, total = np.zeros(len(rewards)), 0.0
    for t in range(len(rewards)):
        total = rewards[t] + gamma * total
        returns[t] = total
    return returns
