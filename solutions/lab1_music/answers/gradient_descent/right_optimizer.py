# Keras' SGD does the steps; the array is filled in place.
def minimize(loss_fn, x_init, learning_rate, num_steps):
    x = tf.Variable(tf.cast(x_init, tf.float32))
    path = np.empty(num_steps + 1, dtype="float32")
    optimizer = keras.optimizers.SGD(learning_rate=learning_rate)
    for step in range(num_steps):
        path[step] = x.numpy()
        with tf.GradientTape() as tape:
            loss = loss_fn(x)
        optimizer.apply_gradients([(tape.gradient(loss, x), x)])
    path[num_steps] = x.numpy()
    return path
