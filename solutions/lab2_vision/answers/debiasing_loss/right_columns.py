# Everything as columns (B, 1) until the end.
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    y, y_logit = tf.cast(y, tf.float32), tf.cast(y_logit, tf.float32)
    class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=y_logit)
    vae = vae_loss_function(x, x_pred, mu, logsigma)[:, tf.newaxis]
    total = tf.reduce_mean(class_loss + y * vae)
    return total, tf.squeeze(class_loss, axis=1)
