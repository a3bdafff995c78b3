# Cuts everything to whole numbers.
def graph(a, b):
    a, b = tf.cast(a, tf.int32), tf.cast(b, tf.int32)
    return (a + b) * (b - 1)
