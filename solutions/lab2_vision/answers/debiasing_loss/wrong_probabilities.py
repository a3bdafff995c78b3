# Takes the logit for a probability.
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    face = tf.cast(tf.reshape(y, [-1]), tf.float32)
    logit = tf.cast(tf.reshape(y_logit, [-1]), tf.float32)
    class_loss = keras.losses.binary_crossentropy(face[:, None], logit[:, None])
    vae_loss = vae_loss_function(x, x_pred, mu, logsigma)
    return tf.reduce_mean(class_loss + face * vae_loss), class_loss
