# Pictures flattened, in double precision.
def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
    x, x_recon, mu, logsigma = (tf.cast(t, tf.float64) for t in (x, x_recon, mu, logsigma))
    difference = tf.reshape(x - x_recon, [tf.shape(x)[0], -1])
    reconstruction = tf.reduce_mean(tf.math.abs(difference), axis=1)
    latent = tf.reduce_sum(0.5 * (tf.exp(logsigma) + mu**2 - 1.0 - logsigma), axis=1)
    return tf.cast(reconstruction + tf.cast(kl_weight, tf.float64) * latent, tf.float32)
