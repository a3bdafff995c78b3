# No activation in the hidden layer.
def build_fc_model():
    return keras.Sequential([
        keras.layers.Flatten(),
        keras.layers.Dense(128),
        keras.layers.Dense(10),
    ])
