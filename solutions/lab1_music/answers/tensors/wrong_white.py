# White images instead of black ones.
matrix = tf.constant([[1.0, 2.0], [3.0, 4.0]])
images = tf.ones((10, 256, 256, 3))
