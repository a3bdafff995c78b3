# The slope is computed once, at the start.
def minimize(loss_fn, x_init, learning_rate, num_steps):
    x = tf.Variable(float(x_init))
    path = [x.numpy()]
    with tf.GradientTape() as tape:
        loss = loss_fn(x)
    slope = tape.gradient(loss, x)
    for _ in range(num_steps):
        x.assign_sub(learning_rate * slope)
        path.append(x.numpy())
    return np.array(path)
