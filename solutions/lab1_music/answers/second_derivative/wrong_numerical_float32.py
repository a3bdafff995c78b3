# Finite differences in single precision: mostly rounding errors.
def second_derivative(f, x):
    x = tf.cast(x, tf.float32)
    h = 1e-4
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2
