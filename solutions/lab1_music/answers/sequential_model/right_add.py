# The layer is added afterwards, the activation is a function.
def make_sequential(n_outputs):
    model = keras.Sequential(name="one_layer")
    model.add(keras.layers.Dense(units=n_outputs, activation=tf.sigmoid))
    return model
