# The activation is a layer of its own, which has no weights.
def make_sequential(n_outputs):
    return tf.keras.models.Sequential([tf.keras.layers.Dense(n_outputs), tf.keras.layers.Activation("sigmoid")])
