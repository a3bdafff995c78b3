# Takes logsigma for the variance itself.
def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
    x, x_recon, mu, logsigma = (tf.cast(t, tf.float32) for t in (x, x_recon, mu, logsigma))
    latent_loss = 0.5 * tf.reduce_sum(logsigma + tf.square(mu) - 1 - tf.math.log(tf.abs(logsigma) + 1e-7), axis=1)
    reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon), axis=(1, 2, 3))
    return kl_weight * latent_loss + reconstruction_loss
