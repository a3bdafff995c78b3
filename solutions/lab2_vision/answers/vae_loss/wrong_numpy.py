# In NumPy: no gradient flows.
def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
    x, x_recon, mu, logsigma = (np.asarray(t, "float32") for t in (x, x_recon, mu, logsigma))
    latent_loss = 0.5 * tf.reduce_sum(tf.exp(logsigma) + tf.square(mu) - 1 - logsigma, axis=1)
    reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon), axis=(1, 2, 3))
    return kl_weight * latent_loss.numpy() + reconstruction_loss.numpy()
