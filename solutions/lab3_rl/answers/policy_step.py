# %% right: keras_filters · missing gradients are left to Keras; its own loss, a persistent tape
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape(persistent=True) as tape:
        logits, value = model(observations, training=True)
        nll = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
        loss = tf.math.reduce_mean(nll * tf.cast(returns, tf.float32))
    grads = tape.gradient(loss, model.trainable_weights)
    optimizer.apply_gradients(zip(grads, model.trainable_weights))
    return loss

# %% right: zero_gradients · missing gradients become zeros; returns a Python float
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        outputs = model(tf.convert_to_tensor(observations), training=True)
        loss = policy_loss(outputs[0], actions, returns)
    variables = model.trainable_variables
    gradients = [
        tf.zeros(v.shape) if g is None else g
        for g, v in zip(tape.gradient(loss, variables), variables)
    ]
    optimizer.apply(gradients, variables)
    return float(loss)

# %% right: hint_3 · hint 3, filled in
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        logits, _ = model(observations, training=True)
        loss = policy_loss(logits, actions, returns)
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = zip(gradients, model.trainable_variables)
    optimizer.apply_gradients([(g, v) for g, v in pairs if g is not None])
    return loss

# %% wrong: ascent · applies the gradients with the wrong sign
# -     pairs = zip(gradients, model.trainable_variables, strict=True)
# -     optimizer.apply_gradients(
# -         [(g, v) for g, v in pairs if g is not None]
# -     )  # the value head has none
# +     pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
# +     optimizer.apply_gradients([(-g, v) for g, v in pairs])

# %% wrong: compiled_once · tf.function around the whole: compiled once for all models
@tf.function
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        logits, _ = model(observations, training=True)
        loss = policy_loss(logits, actions, returns)
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
    optimizer.apply_gradients(pairs)
    return loss

# %% wrong: fails_on_none · does arithmetic with gradients that are None
# -     pairs = zip(gradients, model.trainable_variables, strict=True)
# -     optimizer.apply_gradients(
# -         [(g, v) for g, v in pairs if g is not None]
# -     )  # the value head has none
# +     pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
# +     optimizer.apply_gradients([(g + 0, v) for g, v in zip(gradients, model.trainable_variables)])

# %% wrong: head_only · updates only the last two variables that have a gradient
# -     pairs = zip(gradients, model.trainable_variables, strict=True)
# -     optimizer.apply_gradients(
# -         [(g, v) for g, v in pairs if g is not None]
# -     )  # the value head has none
# +     pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
# +     optimizer.apply_gradients(pairs[-2:])

# %% wrong: inference · calls the model without training=True
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        logits, _ = model(observations)
        loss = policy_loss(logits, actions, returns)
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
    optimizer.apply_gradients(pairs)
    return loss

# %% wrong: loss_after · returns the loss after the update
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        logits, _ = model(observations, training=True)
        loss = policy_loss(logits, actions, returns)
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
    optimizer.apply_gradients(pairs)
    return policy_loss(model(observations)[0], actions, returns)

# %% wrong: no_update · computes the gradients, but never applies them
# -     pairs = zip(gradients, model.trainable_variables, strict=True)
# -     optimizer.apply_gradients(
# -         [(g, v) for g, v in pairs if g is not None]
# -     )  # the value head has none
# +     pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
# +     pass

# %% wrong: normalizes · normalises the returns once more
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        logits, _ = model(observations, training=True)
        loss = policy_loss(logits, actions, normalize(returns))
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
    optimizer.apply_gradients(pairs)
    return loss

# %% wrong: nothing_back · applies the update, but returns None
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        logits, _ = model(observations, training=True)
        loss = policy_loss(logits, actions, returns)
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
    optimizer.apply_gradients(pairs)
    return None

# %% wrong: own_optimizer · updates with a new Adam instead of the given optimizer
# -     pairs = zip(gradients, model.trainable_variables, strict=True)
# -     optimizer.apply_gradients(
# -         [(g, v) for g, v in pairs if g is not None]
# -     )  # the value head has none
# +     pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
# +     keras.optimizers.Adam(0.01).apply_gradients(pairs)

# %% wrong: trains_value · adds the squared value to the loss, which pulls the value head to zero
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        logits, value = model(observations, training=True)
        loss = policy_loss(logits, actions, returns)
        total = loss + tf.reduce_mean(tf.square(value))
    gradients = tape.gradient(total, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss

# %% wrong: twice · applies the gradients twice
# -     pairs = zip(gradients, model.trainable_variables, strict=True)
# -     optimizer.apply_gradients(
# -         [(g, v) for g, v in pairs if g is not None]
# -     )  # the value head has none
# +     pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
# +     optimizer.apply_gradients(pairs)
# +     optimizer.apply_gradients(pairs)

# %% wrong: clips · gradients are clipped by their norm, as PPO does
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape() as tape:
        logits, _ = model(observations, training=True)
        loss = policy_loss(logits, actions, returns)
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = [(g, v) for g, v in zip(gradients, model.trainable_variables) if g is not None]
    clipped, _ = tf.clip_by_global_norm([g for g, _ in pairs], 5.0)
    optimizer.apply_gradients(zip(clipped, [v for _, v in pairs]))
    return loss

# %% equivalent: line 14, column 12: keyword strict is dropped · both lists always have the same length

# %% equivalent: line 14, column 61: True becomes False · both lists always have the same length
