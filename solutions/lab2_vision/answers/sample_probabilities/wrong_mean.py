# The mean over the latent variables.
def get_training_sample_probabilities(mu, bins=10, smoothing_fac=0.001):
    mu = np.asarray(mu)
    largest = np.zeros(len(mu))
    for column in mu.T:
        density, edges = np.histogram(column, bins=bins, density=True)
        p = 1 / (density[np.digitize(column, edges[1:-1])] + smoothing_fac)
        largest = largest + p / np.sum(p) / mu.shape[1]
    return largest / np.sum(largest)
