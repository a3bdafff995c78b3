# In NumPy: no gradient flows.
def sampling(z_mean, z_logsigma, noise=None):
    z_mean, z_logsigma = tf.cast(z_mean, tf.float32), tf.cast(z_logsigma, tf.float32)
    if noise is None:
        noise = tf.random.normal(tf.shape(z_mean))
    noise = tf.cast(noise, tf.float32)
    return tf.constant(z_mean.numpy() + np.exp(0.5 * z_logsigma.numpy()) * noise.numpy())
