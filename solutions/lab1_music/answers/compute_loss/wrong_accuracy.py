# The error rate instead of the cross-entropy.
def compute_loss(labels, logits):
    wrong = tf.argmax(logits, axis=-1) != tf.cast(labels, tf.int64)
    return tf.reduce_mean(tf.cast(wrong, tf.float32))
