# By tf.where, and the loss of Keras.
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    labels = tf.cast(y, tf.float32)
    class_loss = keras.losses.binary_crossentropy(labels, tf.cast(y_logit, tf.float32), from_logits=True)
    vae = vae_loss_function(x, x_pred, mu, logsigma)
    paid = tf.where(tf.equal(labels[:, 0], 1.0), vae, tf.zeros_like(vae))
    return tf.reduce_mean(class_loss) + tf.reduce_mean(paid), class_loss
