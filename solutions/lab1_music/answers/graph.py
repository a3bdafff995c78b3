# %% right: compiled · a compiled function on float tensors; whole numbers become floats
@tf.function(reduce_retracing=True)
def _graph(a, b):
    return (a + b) * (b - 1.0)


def graph(a, b):
    return _graph(tf.cast(a, tf.float32), tf.cast(b, tf.float32))

# %% right: expanded · multiplied out, as one expression
def graph(a, b):
    """The value of e = ab − a + b² − b."""
    return a * b - a + b * b - b

# %% right: tf_operations · TensorFlow's functions instead of operators
def graph(a, b):
    """The value of e = (a + b) · (b − 1)."""
    c = tf.add(a, b)
    d = tf.subtract(b, 1)
    return tf.multiply(c, d)

# %% wrong: from_a · d is a - 1 instead of b - 1
def graph(a, b):
    return (a + b) * (a - 1)

# %% wrong: in_place · changes the caller's array by +=
def graph(a, b):
    a += b
    return a * (b - 1)

# %% wrong: plus_one · d is b + 1 instead of b - 1
def graph(a, b):
    return (a + b) * (b + 1)

# %% wrong: precedence · brackets are missing: only b is multiplied
def graph(a, b):
    return a + b * (b - 1)

# %% wrong: scalars_only · converts to Python floats, so vectors fail
def graph(a, b):
    a, b = float(a), float(b)
    return (a + b) * (b - 1)

# %% wrong: sum · the last node adds c and d instead of multiplying them
# -     return c * d
# +     return c + d

# %% wrong: whole_numbers · casts a and b to integers
def graph(a, b):
    a, b = tf.cast(a, tf.int32), tf.cast(b, tf.int32)
    return (a + b) * (b - 1)
