# Made by Keras, which makes TensorFlow's tensors here; matrix is a matrix product.
matrix = keras.ops.ones((2, 3)) @ keras.ops.ones((3, 2))
images = keras.ops.zeros((10, 256, 256, 3))
