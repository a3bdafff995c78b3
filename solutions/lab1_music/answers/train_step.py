# %% right: compiled_per_model · a compiled inner function, made anew for each call, after the weights exist
def train_step(model, optimizer, x, y):
    if not model.built:
        model(x)
    if not optimizer.built:
        optimizer.build(model.trainable_variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = compute_loss(y, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    return step(tf.convert_to_tensor(x), tf.convert_to_tensor(y))

# %% right: own_loss · its own loss by tf.nn, and a persistent tape
def train_step(model, optimizer, x, y):
    with tf.GradientTape(persistent=True) as tape:
        logits = model(tf.convert_to_tensor(x), training=True)
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
        )
    grads = tape.gradient(loss, model.trainable_weights)
    del tape
    optimizer.apply(grads, model.trainable_weights)
    return loss

# %% right: returns_float · a Python number, which AutoGraph leaves a tensor
# -     return loss
# +     return float(loss)

# %% right: zip · apply_gradients with pairs; the variables are looked up after the forward pass
def train_step(model, optimizer, x, y):
    variables = model.trainable_variables if model.built else None
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = compute_loss(y, logits)
    variables = model.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss

# %% wrong: all_variables · makes every layer trainable, so frozen weights change too
def train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = compute_loss(y, model(x, training=True))
    for layer in model.layers:
        layer.trainable = True
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss

# %% wrong: clipped · clips each gradient to a norm of 0.01
# -     optimizer.apply(gradients, model.trainable_variables)
# +     gradients = [tf.clip_by_norm(g, 0.01) for g in gradients]
# +     optimizer.apply_gradients(zip(gradients, model.trainable_variables))

# %% wrong: clipped_norm · clips all gradients together to a norm of 1
# -     optimizer.apply(gradients, model.trainable_variables)
# +     gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
# +     optimizer.apply(gradients, model.trainable_variables)

# %% wrong: clipped_five · clips all gradients together to a norm of 5
# -     optimizer.apply(gradients, model.trainable_variables)
# +     gradients, _ = tf.clip_by_global_norm(gradients, 5.0)
# +     optimizer.apply(gradients, model.trainable_variables)

# %% wrong: returns_numpy · a NumPy number: the step cannot be compiled
# -     return loss
# +     return loss.numpy()

# %% wrong: compiled_once · tf.function around the whole: compiled once, the second new model fails
@tf.function
def train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = compute_loss(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss

# %% wrong: loss_after · returns the loss after the update
# -     optimizer.apply(gradients, model.trainable_variables)
# -     return loss
# +     optimizer.apply_gradients(zip(gradients, model.trainable_variables))
# +     return compute_loss(y, model(x))

# %% wrong: no_update · computes the gradients, but never applies them
# -     optimizer.apply(gradients, model.trainable_variables)

# %% wrong: not_training · calls the model without training=True
# -         loss = compute_loss(y, model(x, training=True))
# +         loss = compute_loss(y, model(x))

# -     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply_gradients(zip(gradients, model.trainable_variables))

# %% wrong: one_variable · only the last variable is updated
# -     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply_gradients([(gradients[-1], model.trainable_variables[-1])])

# %% wrong: own_optimizer · updates with a new Adam instead of the given optimizer
# -     optimizer.apply(gradients, model.trainable_variables)
# +     keras.optimizers.Adam(0.01).apply_gradients(zip(gradients, model.trainable_variables))

# %% wrong: plain_sgd · updates by hand, without the optimizer
# -     optimizer.apply(gradients, model.trainable_variables)
# +     for g, v in zip(gradients, model.trainable_variables):
# +         v.assign_sub(0.5 * tf.convert_to_tensor(g))

# %% wrong: returns_nothing · applies the update, but does not return the loss
# -     optimizer.apply(gradients, model.trainable_variables)
# -     return loss
# +     optimizer.apply_gradients(zip(gradients, model.trainable_variables))

# %% wrong: sets_learning_rate · lowers the optimizer's learning rate in every step
# -     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply_gradients(zip(gradients, model.trainable_variables))
# +     optimizer.learning_rate = optimizer.learning_rate * 0.99

# %% wrong: swapped · inputs and targets are swapped
# -         loss = compute_loss(y, model(x, training=True))
# +         loss = compute_loss(x, model(y, training=True))

# -     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply_gradients(zip(gradients, model.trainable_variables))

# %% wrong: two_updates · applies the gradients twice
# -     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply_gradients(zip(gradients, model.trainable_variables))
# +     optimizer.apply_gradients(zip(gradients, model.trainable_variables))

# %% wrong: uphill · applies the gradients with the wrong sign
# -     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply_gradients(zip([-g for g in gradients], model.trainable_variables))
