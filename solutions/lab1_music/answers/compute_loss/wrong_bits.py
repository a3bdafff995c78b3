# In bits instead of nats.
def compute_loss(labels, logits):
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_mean(losses) / tf.math.log(2.0)
