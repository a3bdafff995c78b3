# The mean over time, one loss for each row.
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_mean(losses, axis=-1)
