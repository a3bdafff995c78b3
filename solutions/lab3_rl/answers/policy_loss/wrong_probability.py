# Without the logarithm.
def policy_loss(logits, actions, returns):
    p = tf.nn.softmax(tf.cast(logits, tf.float32))
    taken = tf.gather(p, tf.cast(actions, tf.int32), axis=1, batch_dims=1)
    return -tf.reduce_mean(taken * tf.cast(returns, tf.float32))
