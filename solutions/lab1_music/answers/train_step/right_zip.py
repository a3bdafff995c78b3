# apply_gradients with pairs, variables in a name of their own, own softmax-free loss call.
def train_step(model, optimizer, x, y):
    variables = model.trainable_variables if model.built else None
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = compute_loss(y, logits)
    variables = model.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss
