# matrix has a batch axis too many, and images none.
matrix = tf.zeros((1, 2, 2))
images = tf.zeros((256, 256, 3))
