# Logarithms of the softmax, picked by one-hot vectors, in float64.
def policy_loss(logits, actions, returns):
    log_probs = tf.nn.log_softmax(tf.cast(logits, tf.float64))
    taken = tf.reduce_sum(log_probs * tf.one_hot(actions, log_probs.shape[-1], dtype=tf.float64), axis=1)
    return -tf.reduce_sum(taken * tf.cast(returns, tf.float64)) / len(actions)
