# %% right: gather · keras.ops, the logarithms gathered along the actions
def policy_loss(logits, actions, returns):
    log_probs = keras.ops.log_softmax(keras.ops.cast(logits, "float32"), axis=-1)
    taken = tf.gather(log_probs, tf.cast(actions, tf.int32), axis=1, batch_dims=1)
    return keras.ops.mean(-taken * keras.ops.cast(returns, "float32"))

# %% right: keras · Keras' cross-entropy from logits
def policy_loss(logits, actions, returns):
    surprise = keras.losses.sparse_categorical_crossentropy(actions, logits, from_logits=True)
    return tf.reduce_mean(surprise * tf.cast(returns, surprise.dtype))

# %% right: log_softmax · a log-softmax picked by one-hot vectors, in float64
def policy_loss(logits, actions, returns):
    log_probs = tf.nn.log_softmax(tf.cast(logits, tf.float64))
    taken = tf.reduce_sum(
        log_probs * tf.one_hot(actions, log_probs.shape[-1], dtype=tf.float64), axis=1
    )
    return -tf.reduce_sum(taken * tf.cast(returns, tf.float64)) / len(actions)

# %% right: hint_3 · hint 3, filled in
def policy_loss(logits, actions, returns):
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
    return tf.reduce_mean(surprise * tf.cast(returns, tf.float32))

# %% wrong: best_action · the loss of the most probable action, not of the one taken
def policy_loss(logits, actions, returns):
    logits, returns = tf.cast(logits, tf.float32), tf.cast(returns, tf.float32)
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=tf.argmax(logits, axis=-1), logits=logits
    )
    return tf.reduce_mean(surprise * returns)

# %% wrong: broadcast · every action is combined with every return
def policy_loss(logits, actions, returns):
    logits, returns = tf.cast(logits, tf.float32), tf.cast(returns, tf.float32)
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
    return tf.reduce_mean(surprise[:, None] * returns[None, :])

# %% wrong: no_returns · the returns are ignored: a classifier's loss
def policy_loss(logits, actions, returns):
    logits, returns = tf.cast(logits, tf.float32), tf.cast(returns, tf.float32)
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
    return tf.reduce_mean(surprise)

# %% wrong: normalizes · the returns are normalised once more
def policy_loss(logits, actions, returns):
    logits, returns = tf.cast(logits, tf.float32), tf.cast(returns, tf.float32)
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
    return tf.reduce_mean(
        surprise * (returns - tf.reduce_mean(returns)) / (tf.math.reduce_std(returns) + 1e-8)
    )

# %% wrong: not_reduced · one loss for each step: the mean is missing
def policy_loss(logits, actions, returns):
    logits, returns = tf.cast(logits, tf.float32), tf.cast(returns, tf.float32)
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
    return surprise * returns

# %% wrong: numpy · computed in NumPy, so no gradient flows
def policy_loss(logits, actions, returns):
    z = np.asarray(logits, float)
    log_probs = z - z.max(axis=1, keepdims=True)
    log_probs = log_probs - np.log(np.exp(log_probs).sum(axis=1, keepdims=True))
    return -np.mean(log_probs[np.arange(len(z)), np.asarray(actions)] * np.asarray(returns))

# %% wrong: probability · the probability instead of its logarithm
def policy_loss(logits, actions, returns):
    p = tf.nn.softmax(tf.cast(logits, tf.float32))
    taken = tf.gather(p, tf.cast(actions, tf.int32), axis=1, batch_dims=1)
    return -tf.reduce_mean(taken * tf.cast(returns, tf.float32))

# %% wrong: separate_means · the product of two means
def policy_loss(logits, actions, returns):
    logits, returns = tf.cast(logits, tf.float32), tf.cast(returns, tf.float32)
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
    return tf.reduce_mean(surprise) * tf.reduce_mean(returns)

# %% wrong: sign · the sign is wrong: rewarded actions become rarer
def policy_loss(logits, actions, returns):
    logits, returns = tf.cast(logits, tf.float32), tf.cast(returns, tf.float32)
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
    return -tf.reduce_mean(surprise * returns)

# %% wrong: softmax_first · softmax and logarithm in two steps: tiny probabilities give infinity
def policy_loss(logits, actions, returns):
    p = tf.nn.softmax(tf.cast(logits, tf.float32))
    taken = tf.gather(p, tf.cast(actions, tf.int32), axis=1, batch_dims=1)
    return -tf.reduce_mean(tf.math.log(taken) * tf.cast(returns, tf.float32))

# %% wrong: sum · the sum instead of the mean
def policy_loss(logits, actions, returns):
    logits, returns = tf.cast(logits, tf.float32), tf.cast(returns, tf.float32)
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
    return tf.reduce_sum(surprise * returns)

# %% wrong: wrong_axis · the softmax runs over the steps
def policy_loss(logits, actions, returns):
    log_probs = tf.nn.log_softmax(tf.cast(logits, tf.float32), axis=0)
    taken = tf.gather(log_probs, tf.cast(actions, tf.int32), axis=1, batch_dims=1)
    return -tf.reduce_mean(taken * tf.cast(returns, tf.float32))
