# Missing gradients become zeros; a Python float comes back.
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        outputs = model(tf.convert_to_tensor(observations), training=True)
        loss = policy_loss(outputs[0], actions, returns)
    variables = model.trainable_variables
    gradients = [tf.zeros(v.shape) if g is None else g for g, v in zip(tape.gradient(loss, variables), variables)]
    optimizer.apply(gradients, variables)
    return float(loss)
