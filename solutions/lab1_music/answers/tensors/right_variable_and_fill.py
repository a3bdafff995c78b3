"""A variable is a tensor too; the images are filled and cast."""
matrix = tf.Variable([[True, False]])
images = tf.cast(tf.fill([10, 256, 256, 3], 0), "float32")
