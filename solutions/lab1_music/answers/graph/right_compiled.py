# A compiled function on float tensors; whole numbers become floats.
@tf.function(reduce_retracing=True)
def _graph(a, b):
    return (a + b) * (b - 1.0)


def graph(a, b):
    return _graph(tf.cast(a, tf.float32), tf.cast(b, tf.float32))
