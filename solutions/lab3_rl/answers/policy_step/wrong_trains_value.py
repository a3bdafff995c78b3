# The value head is pulled to zero.
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        logits, value = model(observations, training=True)
        loss = policy_loss(logits, actions, returns)
        total = loss + tf.reduce_mean(tf.square(value))
    gradients = tape.gradient(total, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss
