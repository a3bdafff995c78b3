# By keras.random and the standard deviation.
def sampling(z_mean, z_logsigma, noise=None):
    mean = keras.ops.cast(z_mean, "float32")
    sigma = keras.ops.sqrt(keras.ops.exp(keras.ops.cast(z_logsigma, "float32")))
    if noise is None:
        noise = keras.random.normal(keras.ops.shape(mean))
    return mean + sigma * keras.ops.cast(noise, "float32")
