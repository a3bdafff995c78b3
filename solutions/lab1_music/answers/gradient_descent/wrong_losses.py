# Collects the losses instead of the places.
def minimize(loss_fn, x_init, learning_rate, num_steps):
    x = tf.Variable(float(x_init))
    path = [loss_fn(x).numpy()]
    for _ in range(num_steps):
        with tf.GradientTape() as tape:
            loss = loss_fn(x)
        x.assign_sub(learning_rate * tape.gradient(loss, x))
        path.append(loss_fn(x).numpy())
    return np.array(path)
