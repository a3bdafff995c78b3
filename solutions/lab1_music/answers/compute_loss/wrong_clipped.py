# Softmax and logarithm in two steps: tiny probabilities are clipped.
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, tf.nn.softmax(logits))
    return tf.reduce_mean(losses)
