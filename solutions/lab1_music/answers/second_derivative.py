# %% right: derivative_twice · a helper that differentiates, applied twice
def _slope(f):
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return tape.gradient(y, x, unconnected_gradients="zero")

    return slope


def second_derivative(f, x):
    return _slope(_slope(f))(tf.cast(x, tf.float32))

# %% right: finite_differences · central differences in double precision, accurate enough for smooth functions
def second_derivative(f, x):
    x, h = tf.cast(x, tf.float64), 1e-4
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2

# %% right: float64_numpy · in double precision, returned as a NumPy array
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

# %% right: variable_persistent · a variable, one persistent outer tape, and None replaced by zeros by hand
def second_derivative(f, x):
    x = tf.Variable(tf.cast(x, "float32"))
    with tf.GradientTape(persistent=True) as outer:
        with tf.GradientTape() as inner:
            y = f(x)
        first = inner.gradient(y, x)
    second = outer.gradient(first, x)
    return tf.zeros_like(x) if second is None else second

# %% wrong: first_derivative · stops after the first derivative
# -         slope = inner.gradient(y, x, unconnected_gradients="zero")
# -     return outer.gradient(slope, x, unconnected_gradients="zero")
# +         slope = inner.gradient(y, x)
# +     return slope

# %% wrong: jacobian · a Jacobian: a square matrix of derivatives for a vector
# -         slope = inner.gradient(y, x, unconnected_gradients="zero")
# -     return outer.gradient(slope, x, unconnected_gradients="zero")
# +         slope = inner.gradient(y, x)
# +     return outer.jacobian(slope, x, unconnected_gradients="zero")

# %% wrong: no_cast · whole numbers are not made floats, so the tape ignores them
# -     x = tf.cast(x, tf.float32)
# +     x = tf.convert_to_tensor(x)

# -         slope = inner.gradient(y, x, unconnected_gradients="zero")
# +         slope = inner.gradient(y, x)

# %% wrong: none_for_lines · no unconnected_gradients: None for a straight line
# -         slope = inner.gradient(y, x, unconnected_gradients="zero")
# -     return outer.gradient(slope, x, unconnected_gradients="zero")
# +         slope = inner.gradient(y, x)
# +     return outer.gradient(slope, x)

# %% wrong: numerical_float32 · finite differences in single precision: mostly rounding errors
def second_derivative(f, x):
    x = tf.cast(x, tf.float32)
    h = 1e-4
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2

# %% wrong: slope_off_tape · the first derivative is computed after the outer tape has ended: always 0
# -         slope = inner.gradient(y, x, unconnected_gradients="zero")
# +     slope = inner.gradient(y, x)

# %% wrong: squared_slope · the square of the slope instead of the second derivative
# -         slope = inner.gradient(y, x, unconnected_gradients="zero")
# -     return outer.gradient(slope, x, unconnected_gradients="zero")
# +         slope = inner.gradient(y, x)
# +     return slope * slope

# %% wrong: summed · one sum for the whole vector
# -         slope = inner.gradient(y, x, unconnected_gradients="zero")
# -     return outer.gradient(slope, x, unconnected_gradients="zero")
# +         slope = inner.gradient(y, x)
# +     return tf.reduce_sum(outer.gradient(slope, x, unconnected_gradients="zero"))

# %% equivalent: line 14, column 16: keyword unconnected_gradients is dropped · differs for constant functions only, where reading 'linear' as 'not constant' is fair
