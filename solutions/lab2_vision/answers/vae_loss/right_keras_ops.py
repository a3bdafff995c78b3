# By keras.ops, the terms in another order.
def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
    ops = keras.ops
    x, x_recon, mu, logsigma = [ops.cast(t, "float32") for t in (x, x_recon, mu, logsigma)]
    kl = -0.5 * ops.sum(1 + logsigma - ops.square(mu) - ops.exp(logsigma), axis=-1)
    return ops.mean(ops.abs(x_recon - x), axis=[1, 2, 3]) + kl_weight * kl
