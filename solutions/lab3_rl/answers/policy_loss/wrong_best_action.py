# The loss of the likeliest action, not of the one taken.
def policy_loss(logits, actions, returns):
    logits, returns = tf.cast(logits, tf.float32), tf.cast(returns, tf.float32)
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.argmax(logits, axis=-1), logits=logits)
    return tf.reduce_mean(surprise * returns)
