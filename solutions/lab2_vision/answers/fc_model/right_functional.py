# By the functional interface.
def build_fc_model():
    inputs = keras.Input((28, 28, 1))
    hidden = keras.layers.Dense(128)(keras.layers.Reshape((784,))(inputs))
    return keras.Model(inputs, keras.layers.Dense(10)(keras.layers.ReLU()(hidden)))
