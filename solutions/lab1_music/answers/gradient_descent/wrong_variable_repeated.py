# The list holds the variable itself, so that all entries show its last value.
def minimize(loss_fn, x_init, learning_rate, num_steps):
    x = tf.Variable(float(x_init))
    path = [x]
    for _ in range(num_steps):
        with tf.GradientTape() as tape:
            loss = loss_fn(x)
        x.assign_sub(learning_rate * tape.gradient(loss, x))
        path.append(x)
    return np.array([float(p) for p in path])
