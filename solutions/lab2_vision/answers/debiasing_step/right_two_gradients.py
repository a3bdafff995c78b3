# The gradients of the two parts of the loss, one by one, and then their sum.
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape(persistent=True) as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        total, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
        first = tf.reduce_mean(class_loss)
        second = total - first
    variables = model.trainable_variables
    parts = [tape.gradient(part, variables, unconnected_gradients="zero") for part in (first, second)]
    optimizer.apply([a + b for a, b in zip(*parts)], variables)
    return total.numpy()
