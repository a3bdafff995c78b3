# The sum instead of the mean.
def policy_loss(logits, actions, returns):
    logits, returns = tf.cast(logits, tf.float32), tf.cast(returns, tf.float32)
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
    return tf.reduce_sum(surprise * returns)
