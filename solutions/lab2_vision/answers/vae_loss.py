# %% right: flattened · pictures flattened, in double precision
def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
    x, x_recon, mu, logsigma = (tf.cast(t, tf.float64) for t in (x, x_recon, mu, logsigma))
    difference = tf.reshape(x - x_recon, [tf.shape(x)[0], -1])
    reconstruction = tf.reduce_mean(tf.math.abs(difference), axis=1)
    latent = tf.reduce_sum(0.5 * (tf.exp(logsigma) + mu**2 - 1.0 - logsigma), axis=1)
    return tf.cast(reconstruction + tf.cast(kl_weight, tf.float64) * latent, tf.float32)

# %% right: keras_ops · keras.ops, with the terms in another order
def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
    ops = keras.ops
    x, x_recon, mu, logsigma = [ops.cast(t, "float32") for t in (x, x_recon, mu, logsigma)]
    kl = -0.5 * ops.sum(1 + logsigma - ops.square(mu) - ops.exp(logsigma), axis=-1)
    return ops.mean(ops.abs(x_recon - x), axis=[1, 2, 3]) + kl_weight * kl

# %% right: sigma · by way of the standard deviation, and Keras' mean absolute error
def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
    mu, logsigma = tf.cast(mu, tf.float32), tf.cast(logsigma, tf.float32)
    sigma = tf.exp(0.5 * logsigma)
    latent = 0.5 * tf.reduce_sum(sigma * sigma + mu * mu - 1.0 - 2.0 * tf.math.log(sigma), axis=1)
    errors = keras.losses.mean_absolute_error(tf.cast(x, tf.float32), tf.cast(x_recon, tf.float32))
    return kl_weight * latent + tf.reduce_mean(errors, axis=(1, 2))

# %% wrong: column · the losses are a column (B, 1)
# -     return kl_weight * latent_loss + reconstruction_loss
# +     return (kl_weight * latent_loss + reconstruction_loss)[:, None]

# %% wrong: default · kl_weight is 0.005 by default
# - def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
# + def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.005):

# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))

# %% wrong: kl_mean · the mean over the latent variables instead of the sum
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# -     latent_loss = 0.5 * tf.reduce_sum(tf.exp(logsigma) + tf.square(mu) - 1 - logsigma, axis=1)
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))
# +     latent_loss = 0.5 * tf.reduce_mean(tf.exp(logsigma) + tf.square(mu) - 1 - logsigma, axis=1)

# %% wrong: kl_sign · the latent loss with the wrong sign
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# -     latent_loss = 0.5 * tf.reduce_sum(tf.exp(logsigma) + tf.square(mu) - 1 - logsigma, axis=1)
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))
# +     latent_loss = -0.5 * tf.reduce_sum(tf.exp(logsigma) + tf.square(mu) - 1 - logsigma, axis=1)

# %% wrong: logsigma_is_deviation · takes logsigma for the logarithm of the standard deviation
def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
    x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))
    latent_loss = 0.5 * tf.reduce_sum(
        tf.exp(2 * logsigma) + tf.square(mu) - 1 - 2 * logsigma, axis=1
    )
    reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon), axis=(1, 2, 3))
    return kl_weight * latent_loss + reconstruction_loss

# %% wrong: mu_not_squared · |mu| instead of mu squared
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# -     latent_loss = 0.5 * tf.reduce_sum(tf.exp(logsigma) + tf.square(mu) - 1 - logsigma, axis=1)
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))
# +     latent_loss = 0.5 * tf.reduce_sum(tf.exp(logsigma) + tf.abs(mu) - 1 - logsigma, axis=1)

# %% wrong: no_half · the factor ½ of the latent loss is missing
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# -     latent_loss = 0.5 * tf.reduce_sum(tf.exp(logsigma) + tf.square(mu) - 1 - logsigma, axis=1)
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))
# +     latent_loss = tf.reduce_sum(tf.exp(logsigma) + tf.square(mu) - 1 - logsigma, axis=1)

# %% wrong: numpy · computed in NumPy, so no gradient flows
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# +     x, x_recon, mu, logsigma = (np.asarray(t, "float32") for t in (x, x_recon, mu, logsigma))

# -     return kl_weight * latent_loss + reconstruction_loss
# +     return kl_weight * latent_loss.numpy() + reconstruction_loss.numpy()

# %% wrong: per_place · the reconstruction loss of the first pixel only
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))

# -     reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon), axis=(1, 2, 3))
# +     reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon), axis=-1)[:, 0, 0]

# %% wrong: recon_over_batch · one reconstruction loss for the whole batch
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))

# -     reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon), axis=(1, 2, 3))
# +     reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon))

# %% wrong: recon_sum · the sum of the errors instead of their mean
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))

# -     reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon), axis=(1, 2, 3))
# +     reconstruction_loss = tf.reduce_sum(tf.abs(x - x_recon), axis=(1, 2, 3))

# %% wrong: scalar · one number for the whole batch
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))

# -     return kl_weight * latent_loss + reconstruction_loss
# +     return tf.reduce_mean(kl_weight * latent_loss + reconstruction_loss)

# %% wrong: sigma_itself · takes logsigma for the variance itself
def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
    x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))
    latent_loss = 0.5 * tf.reduce_sum(
        logsigma + tf.square(mu) - 1 - tf.math.log(tf.abs(logsigma) + 1e-7), axis=1
    )
    reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon), axis=(1, 2, 3))
    return kl_weight * latent_loss + reconstruction_loss

# %% wrong: signed_error · errors with their sign: they cancel
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))

# -     reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon), axis=(1, 2, 3))
# +     reconstruction_loss = tf.reduce_mean(x - x_recon, axis=(1, 2, 3))

# %% wrong: squared_error · squared errors instead of absolute ones
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))

# -     reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon), axis=(1, 2, 3))
# +     reconstruction_loss = tf.reduce_mean(tf.square(x - x_recon), axis=(1, 2, 3))

# %% wrong: weight_ignored · always 0.0005, whatever kl_weight is
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))

# -     return kl_weight * latent_loss + reconstruction_loss
# +     return 0.0005 * latent_loss + reconstruction_loss

# %% wrong: weight_on_recon · kl_weight on the reconstruction loss instead
# -     x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
# +     x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))

# -     return kl_weight * latent_loss + reconstruction_loss
# +     return latent_loss + kl_weight * reconstruction_loss
