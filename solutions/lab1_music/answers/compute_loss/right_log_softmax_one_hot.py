# log-softmax and one-hot vectors, sum divided by the number of places.
def compute_loss(labels, logits):
    log_p = tf.nn.log_softmax(tf.convert_to_tensor(logits), axis=-1)
    picked = tf.reduce_sum(tf.one_hot(labels, tf.shape(log_p)[-1], dtype=log_p.dtype) * log_p, axis=-1)
    return -tf.reduce_sum(picked) / tf.cast(tf.size(picked), log_p.dtype)
