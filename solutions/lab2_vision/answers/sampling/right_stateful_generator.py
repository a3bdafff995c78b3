# By a TensorFlow generator of its own.
_chance = tf.random.Generator.from_seed(5)


def sampling(z_mean, z_logsigma, noise=None):
    z_mean = tf.cast(z_mean, tf.float32)
    epsilon = _chance.normal(tf.shape(z_mean)) if noise is None else tf.cast(noise, tf.float32)
    return tf.math.add(z_mean, tf.multiply(tf.math.exp(tf.cast(z_logsigma, tf.float32) * 0.5), epsilon))
