# Forgets to apply the gradients.
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
    return loss
