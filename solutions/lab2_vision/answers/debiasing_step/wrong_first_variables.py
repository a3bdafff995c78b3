# The decoder is left out.
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
    variables = model.trainable_variables[:-2]
    gradients = tape.gradient(loss, variables)
    optimizer.apply(gradients, variables)
    return loss
