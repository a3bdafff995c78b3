# %% right: log_softmax_one_hot · log-softmax and one-hot vectors, sum divided by the number of places
def compute_loss(labels, logits):
    log_p = tf.nn.log_softmax(tf.convert_to_tensor(logits), axis=-1)
    picked = tf.reduce_sum(
        tf.one_hot(labels, tf.shape(log_p)[-1], dtype=log_p.dtype) * log_p, axis=-1
    )
    return -tf.reduce_sum(picked) / tf.cast(tf.size(picked), log_p.dtype)

# %% right: logsumexp_gather · ln Σ exp(z) minus the logit of the label, in double precision
def compute_loss(labels, logits):
    z = tf.cast(logits, tf.float64)
    chosen = tf.gather(z, tf.cast(labels, tf.int32), axis=-1, batch_dims=2)
    return tf.reduce_mean(tf.reduce_logsumexp(z, axis=-1) - chosen)

# %% right: loss_object · a Keras loss object, made once outside the function
_cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def compute_loss(labels, logits):
    return _cross_entropy(labels, logits)

# %% right: tf_nn · TensorFlow's own cross-entropy from tf.nn
def compute_loss(labels, logits):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.math.reduce_mean(losses)

# %% wrong: accuracy · the error rate instead of the cross-entropy
def compute_loss(labels, logits):
    wrong = tf.argmax(logits, axis=-1) != tf.cast(labels, tf.int64)
    return tf.reduce_mean(tf.cast(wrong, tf.float32))

# %% wrong: bits · divided by ln 2: in bits instead of nats
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_mean(losses) / tf.math.log(2.0)

# %% wrong: clipped · softmax and logarithm in two steps: tiny probabilities are clipped
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, tf.nn.softmax(logits))
    return tf.reduce_mean(losses)

# %% wrong: in_place · subtracts the largest logit in the caller's array
def compute_loss(labels, logits):
    if isinstance(logits, np.ndarray):
        logits -= logits.max()
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_mean(losses)

# %% wrong: last_place_only · the mean over the last place of each window only
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_mean(losses[:, -1])

# %% wrong: logits_as_probabilities · from_logits=True is forgotten
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits)
    return tf.reduce_mean(losses)

# %% wrong: mean_over_time_only · the mean over time, one loss for each row
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_mean(losses, axis=-1)

# %% wrong: not_reduced · no mean at all: one loss for each place
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return losses

# %% wrong: numpy · the mean is taken in NumPy, so no gradient flows
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return np.mean(losses.numpy())

# %% wrong: sign · the log-likelihood: the minus is missing
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return -tf.reduce_mean(losses)

# %% wrong: softmax_first · a softmax before from_logits=True: normalised twice
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(
        labels, tf.nn.softmax(logits), from_logits=True
    )
    return tf.reduce_mean(losses)

# %% wrong: sum · the sum over all places instead of the mean
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_sum(losses)

# %% wrong: sum_over_time · summed over time, mean over the batch
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_mean(tf.reduce_sum(losses, axis=-1))
