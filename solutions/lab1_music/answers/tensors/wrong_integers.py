# images holds integers.
matrix = tf.constant([[1, 2], [3, 4]])
images = tf.zeros((10, 256, 256, 3), dtype=tf.int32)
