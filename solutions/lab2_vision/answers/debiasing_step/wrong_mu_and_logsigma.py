# Means and logsigmas swapped.
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, logsigma, mu)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss
