# Gathered along the actions, weights of Keras' loss object.
def policy_loss(logits, actions, returns):
    log_probs = keras.ops.log_softmax(keras.ops.cast(logits, "float32"), axis=-1)
    taken = tf.gather(log_probs, tf.cast(actions, tf.int32), axis=1, batch_dims=1)
    return keras.ops.mean(-taken * keras.ops.cast(returns, "float32"))
