# Keras' cross-entropy.
def policy_loss(logits, actions, returns):
    surprise = keras.losses.sparse_categorical_crossentropy(actions, logits, from_logits=True)
    return tf.reduce_mean(surprise * tf.cast(returns, surprise.dtype))
