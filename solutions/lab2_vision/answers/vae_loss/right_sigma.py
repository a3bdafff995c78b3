# By the standard deviation, the loss of Keras for the pictures.
def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
    mu, logsigma = tf.cast(mu, tf.float32), tf.cast(logsigma, tf.float32)
    sigma = tf.exp(0.5 * logsigma)
    latent = 0.5 * tf.reduce_sum(sigma * sigma + mu * mu - 1.0 - 2.0 * tf.math.log(sigma), axis=1)
    errors = keras.losses.mean_absolute_error(tf.cast(x, tf.float32), tf.cast(x_recon, tf.float32))
    return kl_weight * latent + tf.reduce_mean(errors, axis=(1, 2))
