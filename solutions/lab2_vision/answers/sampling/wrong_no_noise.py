# The mean alone when no noise is given.
def sampling(z_mean, z_logsigma, noise=None):
    z_mean, z_logsigma = tf.cast(z_mean, tf.float32), tf.cast(z_logsigma, tf.float32)
    if noise is None:
        noise = tf.zeros(tf.shape(z_mean))
    noise = tf.cast(noise, tf.float32)
    return z_mean + tf.exp(0.5 * z_logsigma) * noise
