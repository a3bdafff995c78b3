# %% right: from_numpy · both come from NumPy arrays, matrix with integers
matrix = tf.convert_to_tensor(np.arange(12).reshape(3, 4))
images = tf.constant(np.zeros((10, 256, 256, 3)), dtype=tf.float32)

# %% right: keras_ops · made by keras.ops, which gives TensorFlow's tensors here; matrix is a matrix product
matrix = keras.ops.ones((2, 3)) @ keras.ops.ones((3, 2))
images = keras.ops.zeros((10, 256, 256, 3))

# %% right: variable_and_fill · a variable is a tensor too; the images are filled and cast
matrix = tf.Variable([[True, False]])
images = tf.cast(tf.fill([10, 256, 256, 3], 0), "float32")

# %% wrong: colours_first · the colour axis stands before height and width
matrix = tf.constant([[1.0, 2.0], [3.0, 4.0]])
images = tf.zeros((10, 3, 256, 256))

# %% wrong: dtype · images holds 64-bit floats, NumPy's default
matrix = tf.constant([[1, 2], [3, 4]])
images = tf.constant(np.zeros((10, 256, 256, 3)))

# %% wrong: integers · images holds integers
matrix = tf.constant([[1, 2], [3, 4]])
images = tf.zeros((10, 256, 256, 3), dtype=tf.int32)

# %% wrong: numpy_arrays · NumPy arrays, not tensors
matrix = np.ones((2, 3))
images = np.zeros((10, 256, 256, 3), dtype=np.float32)

# %% wrong: rank_three · matrix has a batch axis too many, and images none
matrix = tf.zeros((1, 2, 2))
images = tf.zeros((256, 256, 3))

# %% wrong: vector · matrix is a vector: one pair of brackets is missing
matrix = tf.constant([1.0, 2.0, 3.0])
images = tf.zeros((10, 256, 256, 3))

# %% wrong: white · white images (ones) instead of black ones (zeros)
matrix = tf.constant([[1.0, 2.0], [3.0, 4.0]])
images = tf.ones((10, 256, 256, 3))
