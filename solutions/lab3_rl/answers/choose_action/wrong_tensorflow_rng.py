# Draws from TensorFlow's generator.
def choose_action(logits, rng):
    return tf.random.categorical(tf.cast(logits, tf.float32), 1)[:, 0].numpy()
