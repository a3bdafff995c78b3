# Applies the gradients twice.
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        logits, _ = model(observations, training=True)
        loss = policy_loss(logits, actions, returns)
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
    optimizer.apply_gradients(pairs)
    optimizer.apply_gradients(pairs)
    return loss
