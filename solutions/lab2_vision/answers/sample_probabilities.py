# %% right: infinite_edges · outer edges moved to infinity, and a table of all probabilities
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

# %% right: searchsorted_loop · searchsorted and plain loops; the density is normalised in between, which changes nothing
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

# %% right: tensor · bars found by np.digitize and np.clip; returns a tensor
def get_training_sample_probabilities(mu, bins=10, smoothing_fac=0.001):
    columns = []
    for column in np.transpose(np.asarray(mu)):
        density, edges = np.histogram(column, bins, density=True)
        bar = np.clip(np.digitize(column, edges) - 1, 0, len(density) - 1)
        weight = np.reciprocal(density[bar] + smoothing_fac)
        columns.append(weight / np.sum(weight))
    p = tf.reduce_max(tf.constant(np.stack(columns)), axis=0)
    return p / tf.reduce_sum(p)

# %% wrong: bins_ignored · bins is ignored: always ten bars
# -         density, edges = np.histogram(column, bins=bins, density=True)
# +         density, edges = np.histogram(column, bins=10, density=True)

# %% wrong: counts · counts instead of densities
# -         density, edges = np.histogram(column, bins=bins, density=True)
# +         density, edges = np.histogram(column, bins=bins)

# %% wrong: in_place · subtracts the mean in the caller's array
# -     mu = np.asarray(mu)
# +     if isinstance(mu, np.ndarray) and mu.dtype.kind == "f":
# +         mu -= mu.mean(axis=0)
# +     mu = np.asarray(mu)

# %% wrong: index_shifted · looks up the next bar
# -         p = 1 / (density[np.digitize(column, edges[1:-1])] + smoothing_fac)
# +         p = 1 / (density[np.clip(np.digitize(column, edges), 0, bins - 1)] + smoothing_fac)

# %% wrong: last_dimension · only the last latent variable counts
# -         largest = np.maximum(largest, p / np.sum(p))
# +         largest = p / np.sum(p)

# %% wrong: log · minus the logarithm of the density instead of its inverse
# -         p = 1 / (density[np.digitize(column, edges[1:-1])] + smoothing_fac)
# +         p = -np.log(density[np.digitize(column, edges[1:-1])] + smoothing_fac) + 20

# %% wrong: maximum_first · one histogram, of the largest latent variable of each face
# -     mu = np.asarray(mu)
# +     mu = np.asarray(mu).max(axis=1, keepdims=True)

# %% wrong: mean · the mean over the latent variables instead of the maximum
# -         largest = np.maximum(largest, p / np.sum(p))
# +         largest = largest + p / np.sum(p) / mu.shape[1]

# %% wrong: minimum · the minimum over the latent variables instead of the maximum
# -     largest = np.zeros(len(mu))
# +     largest = np.ones(len(mu))

# -         largest = np.maximum(largest, p / np.sum(p))
# +         largest = np.minimum(largest, p / np.sum(p))

# %% wrong: no_smoothing · smoothing_fac has no effect
# -         p = 1 / (density[np.digitize(column, edges[1:-1])] + smoothing_fac)
# +         p = 1 / np.maximum(density[np.digitize(column, edges[1:-1])], 1e-12)

# %% wrong: not_inverted · the density is not inverted: common faces are drawn more often
# -         p = 1 / (density[np.digitize(column, edges[1:-1])] + smoothing_fac)
# +         p = density[np.digitize(column, edges[1:-1])] + smoothing_fac

# %% wrong: not_normalised · the result is not divided by its sum
# -     return largest / np.sum(largest)
# +     return largest

# %% wrong: not_normalised_inside · not normalised for each latent variable
# -         largest = np.maximum(largest, p / np.sum(p))
# +         largest = np.maximum(largest, p)

# %% wrong: product · the product over the latent variables instead of the maximum
# -     largest = np.zeros(len(mu))
# +     largest = np.ones(len(mu))

# -         largest = np.maximum(largest, p / np.sum(p))
# +         largest = largest * p / np.sum(p)

# %% wrong: smoothing_after · smoothing_fac is added after the inversion
# -         p = 1 / (density[np.digitize(column, edges[1:-1])] + smoothing_fac)
# +         p = 1 / density[np.digitize(column, edges[1:-1])] + smoothing_fac

# %% wrong: softmax · a softmax instead of dividing by the sum
# -     return largest / np.sum(largest)
# +     return np.exp(largest) / np.sum(np.exp(largest))

# %% wrong: standardised · standardises the latent variables first
# -     mu = np.asarray(mu)
# +     mu = np.asarray(mu)
# +     mu = (mu - mu.mean(axis=0)) / (mu.std(axis=0) + 1e-9)
