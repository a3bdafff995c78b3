# ln Σ exp(z) minus the logit of the label, in double precision.
def compute_loss(labels, logits):
    z = tf.cast(logits, tf.float64)
    chosen = tf.gather(z, tf.cast(labels, tf.int32), axis=-1, batch_dims=2)
    return tf.reduce_mean(tf.reduce_logsumexp(z, axis=-1) - chosen)
