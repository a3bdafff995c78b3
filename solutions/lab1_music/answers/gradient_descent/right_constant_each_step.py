# No variable: a new constant in every step, and a Python list of floats.
def minimize(loss_fn, x_init, learning_rate, num_steps):
    path = [float(x_init)]
    while len(path) <= num_steps:
        x = tf.constant(path[-1], tf.float64)
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = loss_fn(x)
        path.append(path[-1] - learning_rate * float(tape.gradient(loss, x)))
    return np.asarray(path)
