# searchsorted and plain loops; the density is normalised in between, which changes nothing.
def get_training_sample_probabilities(mu, bins=10, smoothing_fac=0.001):
    mu = np.asarray(mu)
    N, d = mu.shape
    best = [0.0] * N
    for j in range(d):
        density, edges = np.histogram(mu[:, j], bins=bins, density=True)
        smooth = density + smoothing_fac
        smooth = smooth / smooth.sum()
        bar = np.minimum(np.searchsorted(edges, mu[:, j], side="right") - 1, bins - 1)
        p = 1 / smooth[bar]
        p = p / p.sum()
        best = [max(a, b) for a, b in zip(best, p)]
    return np.array(best) / sum(best)
