# All surprises at once, then their sum; float32.
def gae(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
    rewards, values = np.asarray(rewards, np.float32), np.asarray(values, np.float32)
    alive = 1.0 - np.asarray(dones).astype(np.float32)
    following = np.concatenate([values[1:], np.asarray(last_value, np.float32)[None]])
    result = rewards + gamma * alive * following - values
    for t in range(len(rewards) - 2, -1, -1):
        result[t] += gamma * lam * alive[t] * result[t + 1]
    return result
