# Summed over time, mean over the batch.
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_mean(tf.reduce_sum(losses, axis=-1))
