# images holds 64-bit floats, what NumPy makes by default.
matrix = tf.constant([[1, 2], [3, 4]])
images = tf.constant(np.zeros((10, 256, 256, 3)))
