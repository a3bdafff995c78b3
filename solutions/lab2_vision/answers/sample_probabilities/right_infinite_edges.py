# Outer edges moved to infinity, a table of all probabilities.
def get_training_sample_probabilities(mu, bins=10, smoothing_fac=0.001):
    mu = np.array(mu, dtype=np.float64)
    table = np.zeros(mu.shape)
    for j in range(mu.shape[1]):
        density, edges = np.histogram(mu[:, j], density=True, bins=bins)
        edges[0], edges[-1] = -np.inf, np.inf
        place = np.digitize(mu[:, j], edges)
        table[:, j] = 1.0 / (density + smoothing_fac)[place - 1]
    table /= table.sum(axis=0)
    p = table.max(axis=1)
    return p / p.sum()
