# Noise from NumPy, in double precision.
def sampling(z_mean, z_logsigma, noise=None):
    mean, logsigma = tf.cast(z_mean, tf.float64), tf.cast(z_logsigma, tf.float64)
    epsilon = np.random.normal(size=tuple(mean.shape)) if noise is None else tf.cast(noise, tf.float64)
    return tf.exp(logsigma / 2) * epsilon + mean
