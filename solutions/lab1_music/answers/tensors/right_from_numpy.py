# Both come from NumPy arrays, matrix with integers.
matrix = tf.convert_to_tensor(np.arange(12).reshape(3, 4))
images = tf.constant(np.zeros((10, 256, 256, 3)), dtype=tf.float32)
