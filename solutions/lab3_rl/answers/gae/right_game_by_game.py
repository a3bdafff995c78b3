# A loop over the games with plain numbers, np.where at the ends.
def gae(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
    T, B = np.shape(rewards)
    out = [[0.0] * B for _ in range(T)]
    for b in range(B):
        carried, ahead = 0.0, float(last_value[b])
        for t in reversed(range(T)):
            if dones[t][b]:
                carried, ahead = 0.0, 0.0
            carried = float(rewards[t][b]) + gamma * ahead - float(values[t][b]) + gamma * lam * carried
            out[t][b], ahead = carried, float(values[t][b])
    return np.array(out)
