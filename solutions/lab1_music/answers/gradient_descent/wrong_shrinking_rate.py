# The learning rate shrinks from step to step.
def minimize(loss_fn, x_init, learning_rate, num_steps):
    x = tf.Variable(float(x_init))
    path = [x.numpy()]
    for k in range(num_steps):
        with tf.GradientTape() as tape:
            loss = loss_fn(x)
        x.assign_sub(learning_rate / (1 + k) * tape.gradient(loss, x))
        path.append(x.numpy())
    return np.array(path)
