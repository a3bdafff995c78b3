# By the functional interface, with relu layers of their own.
def build_cnn_model():
    x = inputs = keras.Input(shape=(28, 28, 1))
    for filters in (24, 36):
        x = keras.layers.Conv2D(filters, (3, 3))(x)
        x = keras.layers.MaxPool2D()(keras.layers.Activation("relu")(x))
    x = keras.layers.Dense(128, activation=tf.nn.relu)(keras.layers.Flatten()(x))
    return keras.Model(inputs, keras.layers.Dense(10)(x))
