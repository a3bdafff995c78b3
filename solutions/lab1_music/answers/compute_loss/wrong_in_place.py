# Subtracts the largest logit in the caller's array.
def compute_loss(labels, logits):
    if isinstance(logits, np.ndarray):
        logits -= logits.max()
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_mean(losses)
