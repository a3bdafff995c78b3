# A square matrix of derivatives for a vector.
def second_derivative(f, x):
    x = tf.cast(x, tf.float32)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        slope = inner.gradient(y, x)
    return outer.jacobian(slope, x, unconnected_gradients="zero")
