# Tensors.
def frame_difference(previous, current):
    return tf.cast(current, tf.float32) - tf.cast(previous, tf.float32)
