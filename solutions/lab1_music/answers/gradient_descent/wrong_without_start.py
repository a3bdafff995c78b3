# The start is missing from the path.
def minimize(loss_fn, x_init, learning_rate, num_steps):
    x = tf.Variable(float(x_init))
    path = []
    for _ in range(num_steps):
        with tf.GradientTape() as tape:
            loss = loss_fn(x)
        x.assign_sub(learning_rate * tape.gradient(loss, x))
        path.append(x.numpy())
    return np.array(path)
