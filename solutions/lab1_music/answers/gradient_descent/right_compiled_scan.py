# A compiled step, and a stacked tensor at the end.
def minimize(loss_fn, x_init, learning_rate, num_steps):
    @tf.function
    def step(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = loss_fn(x)
        return x - learning_rate * tape.gradient(loss, x)

    path = [tf.cast(x_init, tf.float32)]
    for _ in range(num_steps):
        path.append(step(path[-1]))
    return tf.stack(path).numpy()
