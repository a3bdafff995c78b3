# matrix is a vector: one pair of brackets is missing.
matrix = tf.constant([1.0, 2.0, 3.0])
images = tf.zeros((10, 256, 256, 3))
