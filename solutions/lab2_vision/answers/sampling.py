# %% right: keras_random · keras.random and keras.ops, by way of the standard deviation
def sampling(z_mean, z_logsigma, noise=None):
    mean = keras.ops.cast(z_mean, "float32")
    sigma = keras.ops.sqrt(keras.ops.exp(keras.ops.cast(z_logsigma, "float32")))
    if noise is None:
        noise = keras.random.normal(keras.ops.shape(mean))
    return mean + sigma * keras.ops.cast(noise, "float32")

# %% right: numpy_noise · noise from NumPy, in double precision
def sampling(z_mean, z_logsigma, noise=None):
    mean, logsigma = tf.cast(z_mean, tf.float64), tf.cast(z_logsigma, tf.float64)
    epsilon = (
        np.random.normal(size=tuple(mean.shape)) if noise is None else tf.cast(noise, tf.float64)
    )
    return tf.exp(logsigma / 2) * epsilon + mean

# %% right: stateful_generator · noise from a TensorFlow generator made outside the function
_chance = tf.random.Generator.from_seed(5)


def sampling(z_mean, z_logsigma, noise=None):
    z_mean = tf.cast(z_mean, tf.float32)
    epsilon = _chance.normal(tf.shape(z_mean)) if noise is None else tf.cast(noise, tf.float32)
    return tf.math.add(
        z_mean, tf.multiply(tf.math.exp(tf.cast(z_logsigma, tf.float32) * 0.5), epsilon)
    )

# %% wrong: always_the_same · a fixed seed: the same noise in each call
def sampling(z_mean, z_logsigma, noise=None):
    z_mean, z_logsigma = tf.cast(z_mean, tf.float32), tf.cast(z_logsigma, tf.float32)
    if noise is None:
        noise = tf.random.stateless_normal(tf.shape(z_mean), seed=(1, 2))
    noise = tf.cast(noise, tf.float32)
    return z_mean + tf.exp(0.5 * z_logsigma) * noise

# %% wrong: minus_half · exp(-½·logsigma): the inverse of the standard deviation
# -     return z_mean + tf.exp(0.5 * z_logsigma) * tf.cast(noise, tf.float32)
# +     noise = tf.cast(noise, tf.float32)
# +     return z_mean + tf.exp(-0.5 * z_logsigma) * noise

# %% wrong: no_exp · the noise is multiplied by ½·logsigma, without exp
# -     return z_mean + tf.exp(0.5 * z_logsigma) * tf.cast(noise, tf.float32)
# +     noise = tf.cast(noise, tf.float32)
# +     return z_mean + 0.5 * z_logsigma * noise

# %% wrong: no_half · exp(logsigma): the variance instead of the standard deviation
# -     return z_mean + tf.exp(0.5 * z_logsigma) * tf.cast(noise, tf.float32)
# +     noise = tf.cast(noise, tf.float32)
# +     return z_mean + tf.exp(z_logsigma) * noise

# %% wrong: no_noise · returns the mean when no noise is given
def sampling(z_mean, z_logsigma, noise=None):
    z_mean, z_logsigma = tf.cast(z_mean, tf.float32), tf.cast(z_logsigma, tf.float32)
    if noise is None:
        noise = tf.zeros(tf.shape(z_mean))
    noise = tf.cast(noise, tf.float32)
    return z_mean + tf.exp(0.5 * z_logsigma) * noise

# %% wrong: noise_ignored · draws also when noise is given
def sampling(z_mean, z_logsigma, noise=None):
    z_mean, z_logsigma = tf.cast(z_mean, tf.float32), tf.cast(z_logsigma, tf.float32)
    noise = tf.random.normal(tf.shape(z_mean))
    return z_mean + tf.exp(0.5 * z_logsigma) * noise

# %% wrong: numpy · computed in NumPy, so no gradient flows
# -     return z_mean + tf.exp(0.5 * z_logsigma) * tf.cast(noise, tf.float32)
# +     noise = tf.cast(noise, tf.float32)
# +     return tf.constant(z_mean.numpy() + np.exp(0.5 * z_logsigma.numpy()) * noise.numpy())

# %% wrong: one_per_column · one draw for each latent variable: the same noise for all pictures
def sampling(z_mean, z_logsigma, noise=None):
    z_mean, z_logsigma = tf.cast(z_mean, tf.float32), tf.cast(z_logsigma, tf.float32)
    if noise is None:
        noise = tf.random.normal((tf.shape(z_mean)[1],))
    noise = tf.cast(noise, tf.float32)
    return z_mean + tf.exp(0.5 * z_logsigma) * noise

# %% wrong: one_per_row · one draw for each picture: the same noise for all latent variables
def sampling(z_mean, z_logsigma, noise=None):
    z_mean, z_logsigma = tf.cast(z_mean, tf.float32), tf.cast(z_logsigma, tf.float32)
    if noise is None:
        noise = tf.random.normal((tf.shape(z_mean)[0], 1))
    noise = tf.cast(noise, tf.float32)
    return z_mean + tf.exp(0.5 * z_logsigma) * noise

# %% wrong: shifted_twice · the mean is multiplied by the standard deviation, too
# -     return z_mean + tf.exp(0.5 * z_logsigma) * tf.cast(noise, tf.float32)
# +     noise = tf.cast(noise, tf.float32)
# +     return tf.exp(0.5 * z_logsigma) * (z_mean + noise)

# %% wrong: uniform · uniform instead of normal noise
def sampling(z_mean, z_logsigma, noise=None):
    z_mean, z_logsigma = tf.cast(z_mean, tf.float32), tf.cast(z_logsigma, tf.float32)
    if noise is None:
        noise = tf.random.uniform(tf.shape(z_mean))
    noise = tf.cast(noise, tf.float32)
    return z_mean + tf.exp(0.5 * z_logsigma) * noise

# %% wrong: wide_noise · noise with a standard deviation of 2
def sampling(z_mean, z_logsigma, noise=None):
    z_mean, z_logsigma = tf.cast(z_mean, tf.float32), tf.cast(z_logsigma, tf.float32)
    if noise is None:
        noise = tf.random.normal(tf.shape(z_mean), stddev=2.0)
    noise = tf.cast(noise, tf.float32)
    return z_mean + tf.exp(0.5 * z_logsigma) * noise
