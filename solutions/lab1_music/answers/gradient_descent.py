# %% right: compiled_scan · a compiled step, and the places stacked as a tensor at the end
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

# %% right: constant_each_step · no variable: a new constant in every step, and a Python list of floats
def minimize(loss_fn, x_init, learning_rate, num_steps):
    path = [float(x_init)]
    while len(path) <= num_steps:
        x = tf.constant(path[-1], tf.float64)
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = loss_fn(x)
        path.append(path[-1] - learning_rate * float(tape.gradient(loss, x)))
    return np.asarray(path)

# %% right: optimizer · Keras' SGD does the steps; the array is filled in place
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

# %% wrong: integer_start · x_init is not made a float: a whole number has no gradient
# -     x = tf.Variable(float(x_init))
# +     x = tf.Variable(x_init)

# %% wrong: last_only · returns the last place only
# -     return np.array(path)
# +     return np.array(path[-1:])

# %% wrong: losses · collects the losses instead of the places
# -     path = [x.numpy()]
# +     path = [loss_fn(x).numpy()]

# -         path.append(x.numpy())
# +         path.append(loss_fn(x).numpy())

# %% wrong: one_slope · the gradient is computed once, at the start
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

# %% wrong: one_step_less · one step too few
# -     for _ in range(num_steps):
# +     for _ in range(num_steps - 1):

# %% wrong: shrinking_rate · the learning rate shrinks from step to step
# -     for _ in range(num_steps):
# +     for k in range(num_steps):

# -         x.assign_sub(learning_rate * tape.gradient(loss, x))
# +         x.assign_sub(learning_rate / (1 + k) * tape.gradient(loss, x))

# %% wrong: stops_early · stops as soon as the loss grows
# -         x.assign_sub(learning_rate * tape.gradient(loss, x))
# +         x.assign_sub(learning_rate * tape.gradient(loss, x))
# +         if loss_fn(x) > loss:
# +             break

# %% wrong: uphill · adds the gradient instead of subtracting it
# -         x.assign_sub(learning_rate * tape.gradient(loss, x))
# +         x.assign_add(learning_rate * tape.gradient(loss, x))

# %% wrong: variable_repeated · the list holds the variable itself, so that all entries show its last value
# -     path = [x.numpy()]
# +     path = [x]

# -         path.append(x.numpy())
# -     return np.array(path)
# +         path.append(x)
# +     return np.array([float(p) for p in path])

# %% wrong: without_start · the start is missing from the path
# -     path = [x.numpy()]
# +     path = []
