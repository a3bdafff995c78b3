# (B, 1) times (B,) is (B, B): every face pays for every picture.
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    face = tf.cast(y, tf.float32)
    logit = tf.cast(y_logit, tf.float32)
    class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=face, logits=logit)
    vae_loss = vae_loss_function(x, x_pred, mu, logsigma)
    return tf.reduce_mean(class_loss + face * vae_loss), tf.reshape(class_loss, [-1])
