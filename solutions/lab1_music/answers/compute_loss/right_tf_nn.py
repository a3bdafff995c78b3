# TensorFlow's own function.
def compute_loss(labels, logits):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.math.reduce_mean(losses)
