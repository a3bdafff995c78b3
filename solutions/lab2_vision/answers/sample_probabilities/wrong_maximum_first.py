# One histogram of the largest latent variable of each face.
def get_training_sample_probabilities(mu, bins=10, smoothing_fac=0.001):
    mu = np.asarray(mu).max(axis=1, keepdims=True)
    largest = np.zeros(len(mu))
    for column in mu.T:
        density, edges = np.histogram(column, bins=bins, density=True)
        p = 1 / (density[np.digitize(column, edges[1:-1])] + smoothing_fac)
        largest = np.maximum(largest, p / np.sum(p))
    return largest / np.sum(largest)
