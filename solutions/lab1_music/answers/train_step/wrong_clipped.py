# Clips the gradients on its own account.
def train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = compute_loss(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    gradients = [tf.clip_by_norm(g, 0.01) for g in gradients]
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss
