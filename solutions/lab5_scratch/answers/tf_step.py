# %% right: by_hand · its own softmax, variables looked up by index, apply by assign
def tf_step(variables, x, labels, learning_rate):
    x = tf.cast(x, variables[0].dtype)
    with tf.GradientTape() as tape:
        hidden = tf.maximum(tf.matmul(x, variables[0]) + variables[1], 0)
        log_p = tf.nn.log_softmax(tf.matmul(hidden, variables[2]) + variables[3])
        right = tf.one_hot(labels, log_p.shape[1], dtype=log_p.dtype)
        loss = -tf.reduce_mean(tf.reduce_sum(right * log_p, axis=1))
    grads = tape.gradient(loss, list(variables))
    for v, g in zip(variables, grads):
        v.assign(v - learning_rate * g)
    return loss

# %% right: float_returned · a Python number comes back
# -     return loss
# +     return float(loss)

# %% right: one_hot · the loss for one-hot labels, a persistent tape
def tf_step(variables, x, labels, learning_rate):
    W1, b1, W2, b2 = variables
    with tf.GradientTape(persistent=True) as tape:
        z = tf.nn.bias_add(tf.nn.relu(tf.nn.bias_add(tf.linalg.matmul(x, W1), b1)) @ W2, b2)
        targets = tf.one_hot(labels, tf.shape(z)[1], dtype=z.dtype)
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(targets, z))
    updates = [learning_rate * tape.gradient(loss, v) for v in variables]
    for v, update in zip(variables, updates):
        v.assign_sub(update)
    return loss.numpy()

# %% wrong: numpy_in_tape · NumPy inside the tape: no gradient
# -         logits = tf.nn.relu(x @ W1 + b1) @ W2 + b2
# +         logits = tf.constant(np.maximum(np.asarray(x) @ W1.numpy() + b1.numpy(), 0) @ W2.numpy() + b2.numpy())

# %% wrong: rebinds · makes new tensors and updates no variable
# -         variable.assign_sub(learning_rate * gradient)
# +         variable = variable - learning_rate * gradient

# %% wrong: softmax_twice · probabilities where logits belong
# -         logits = tf.nn.relu(x @ W1 + b1) @ W2 + b2
# +         logits = tf.nn.softmax(tf.nn.relu(x @ W1 + b1) @ W2 + b2)

# %% wrong: sum · sums over the batch
# -         loss = tf.reduce_mean(
# +         loss = tf.reduce_sum(

# %% wrong: no_mean · one loss for each row
# -         loss = tf.reduce_mean(
# +         loss = tf.identity(

# %% wrong: uphill · adds the gradient
# -         variable.assign_sub(learning_rate * gradient)
# +         variable.assign_add(learning_rate * gradient)

# %% wrong: no_rate · forgets the learning rate
# -         variable.assign_sub(learning_rate * gradient)
# +         variable.assign_sub(gradient)

# %% wrong: no_relu · forgets the ReLU
# -         logits = tf.nn.relu(x @ W1 + b1) @ W2 + b2
# +         logits = (x @ W1 + b1) @ W2 + b2

# %% wrong: relu_at_end · a ReLU on the logits as well
# -         logits = tf.nn.relu(x @ W1 + b1) @ W2 + b2
# +         logits = tf.nn.relu(tf.nn.relu(x @ W1 + b1) @ W2 + b2)

# %% wrong: loss_after · returns the loss after the step
# -     return loss
# +     logits = tf.nn.relu(x @ W1 + b1) @ W2 + b2
# +     return tf.reduce_mean(
# +         tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
# +     )

# %% wrong: weights_only · the biases are not updated
# -         variable.assign_sub(learning_rate * gradient)
# +         if len(variable.shape) == 2:
# +             variable.assign_sub(learning_rate * gradient)

# %% wrong: own_softmax · a softmax of its own that overflows
def tf_step(variables, x, labels, learning_rate):
    W1, b1, W2, b2 = variables
    with tf.GradientTape() as tape:
        z = tf.exp(tf.nn.relu(x @ W1 + b1) @ W2 + b2)
        p = z / tf.reduce_sum(z, axis=1, keepdims=True)
        loss = -tf.reduce_mean(tf.math.log(tf.gather(p, labels, axis=1, batch_dims=1)))
    for variable, gradient in zip(variables, tape.gradient(loss, variables)):
        variable.assign_sub(learning_rate * gradient)
    return loss

# %% wrong: casts · everything in float32
# -     W1, b1, W2, b2 = variables
# +     W1, b1, W2, b2 = (tf.cast(v, "float16") for v in variables)
# +     x = tf.cast(x, "float16")

# %% equivalent: line 16, column 30: keyword strict is dropped · both lists are equally long

# %% equivalent: line 16, column 84: True becomes False · both lists are equally long
