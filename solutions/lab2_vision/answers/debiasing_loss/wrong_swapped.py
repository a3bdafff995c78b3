# The class loss first.
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    face = tf.cast(tf.reshape(y, [-1]), tf.float32)
    logit = tf.cast(tf.reshape(y_logit, [-1]), tf.float32)
    class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=face, logits=logit)
    vae_loss = vae_loss_function(x, x_pred, mu, logsigma)
    return class_loss, tf.reduce_mean(class_loss + face * vae_loss)
