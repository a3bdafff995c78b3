# Compiled inside, anew in each call.
def debiasing_train_step(model, optimizer, x, y):
    optimizer.build(model.trainable_variables) if not optimizer.built else None

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            y_logit, mu, logsigma, recon = model(x, training=True)
            loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)[0]
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    return step(tf.constant(x), tf.constant(y)).numpy()
