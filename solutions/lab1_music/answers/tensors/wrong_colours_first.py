# The colour axis stands before height and width.
matrix = tf.constant([[1.0, 2.0], [3.0, 4.0]])
images = tf.zeros((10, 3, 256, 256))
