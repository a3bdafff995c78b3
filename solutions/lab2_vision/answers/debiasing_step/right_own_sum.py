# The total from its two parts.
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        _, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
        face = tf.reshape(tf.cast(y, class_loss.dtype), [-1])
        total = tf.reduce_mean(class_loss) + tf.reduce_mean(face * vae_loss_function(x, recon, mu, logsigma))
    optimizer.apply(tape.gradient(total, model.trainable_variables), model.trainable_variables)
    return total
