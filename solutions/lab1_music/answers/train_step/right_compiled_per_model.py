# A compiled inner function, made anew for each call, after the weights exist.
def train_step(model, optimizer, x, y):
    if not model.built:
        model(x)
    if not optimizer.built:
        optimizer.build(model.trainable_variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = compute_loss(y, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    return step(tf.constant(x), tf.constant(y)).numpy()
