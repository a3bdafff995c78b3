# A tensor is returned.
def get_training_sample_probabilities(mu, bins=10, smoothing_fac=0.001):
    columns = []
    for column in np.transpose(np.asarray(mu)):
        density, edges = np.histogram(column, bins, density=True)
        bar = np.clip(np.digitize(column, edges) - 1, 0, len(density) - 1)
        weight = np.reciprocal(density[bar] + smoothing_fac)
        columns.append(weight / np.sum(weight))
    p = tf.reduce_max(tf.constant(np.stack(columns)), axis=0)
    return p / tf.reduce_sum(p)
