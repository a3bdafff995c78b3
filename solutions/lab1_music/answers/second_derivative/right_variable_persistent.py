# A variable, one persistent outer tape, and None replaced by zeros by hand.
def second_derivative(f, x):
    x = tf.Variable(tf.cast(x, "float32"))
    with tf.GradientTape(persistent=True) as outer:
        with tf.GradientTape() as inner:
            y = f(x)
        first = inner.gradient(y, x)
    second = outer.gradient(first, x)
    return tf.zeros_like(x) if second is None else second
