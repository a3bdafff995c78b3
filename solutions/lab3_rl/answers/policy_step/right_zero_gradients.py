# Unconnected gradients are zeros; a Python float comes back.
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        outputs = model(tf.convert_to_tensor(observations), training=True)
        loss = policy_loss(outputs[0], actions, returns)
    variables = model.trainable_variables
    optimizer.apply(tape.gradient(loss, variables, unconnected_gradients="zero"), variables)
    return float(loss)
