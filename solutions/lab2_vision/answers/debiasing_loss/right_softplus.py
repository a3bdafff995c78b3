# The class loss by softplus, in double precision.
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    face = tf.cast(tf.squeeze(y, -1), tf.float64)
    logit = tf.cast(tf.squeeze(y_logit, -1), tf.float64)
    class_loss = tf.math.softplus(logit) - face * logit
    vae = tf.cast(vae_loss_function(x, x_pred, mu, logsigma), tf.float64)
    return tf.math.add_n([tf.reduce_mean(class_loss), tf.reduce_mean(face * vae)]), class_loss
