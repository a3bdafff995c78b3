# Makes an optimizer of its own.
def train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = compute_loss(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    keras.optimizers.Adam(0.01).apply_gradients(zip(gradients, model.trainable_variables))
    return loss
