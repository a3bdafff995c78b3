# TensorFlow's functions instead of operators.
def graph(a, b):
    """The value of e = (a + b) · (b − 1)."""
    c = tf.add(a, b)
    d = tf.subtract(b, 1)
    return tf.multiply(c, d)
