# The gradients of the two parts of the loss, one by one, and then their sum.
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape(persistent=True) as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        total, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
        first = tf.reduce_mean(class_loss)
        second = total - first
    variables = model.trainable_variables
    pairs = zip(tape.gradient(first, variables), tape.gradient(second, variables))
    optimizer.apply([b if a is None else a + b for a, b in pairs], variables)
    return total.numpy()
