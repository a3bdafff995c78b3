# from_logits is forgotten.
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits)
    return tf.reduce_mean(losses)
