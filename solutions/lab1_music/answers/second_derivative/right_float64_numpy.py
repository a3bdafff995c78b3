# In double precision, returned as a NumPy array.
def second_derivative(f, x):
    x = tf.constant(np.asarray(x, dtype=np.float64))
    with tf.GradientTape() as t2:
        t2.watch(x)
        with tf.GradientTape() as t1:
            t1.watch(x)
            y = tf.reduce_sum(f(x))
        d1 = t1.gradient(y, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    d2 = t2.gradient(d1, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return d2.numpy()
