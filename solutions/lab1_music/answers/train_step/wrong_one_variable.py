# Only the last variable is updated.
def train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = compute_loss(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients([(gradients[-1], model.trainable_variables[-1])])
    return loss
