# Softmax and then from_logits=True: squashed twice.
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, tf.nn.softmax(logits), from_logits=True)
    return tf.reduce_mean(losses)
