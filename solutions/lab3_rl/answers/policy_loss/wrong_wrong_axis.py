# The softmax runs over the steps.
def policy_loss(logits, actions, returns):
    log_probs = tf.nn.log_softmax(tf.cast(logits, tf.float32), axis=0)
    taken = tf.gather(log_probs, tf.cast(actions, tf.int32), axis=1, batch_dims=1)
    return -tf.reduce_mean(taken * tf.cast(returns, tf.float32))
