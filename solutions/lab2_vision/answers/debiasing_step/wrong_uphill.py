# Walks uphill.
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply([-g for g in gradients], model.trainable_variables)
    return loss
