# Looks at the faces only.
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_logit, mu, logsigma, recon = model(x[np.ravel(y) == 1], training=True)
        loss, class_loss = debiasing_loss_function(x[np.ravel(y) == 1], recon, y[np.ravel(y) == 1], y_logit, mu, logsigma)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss
