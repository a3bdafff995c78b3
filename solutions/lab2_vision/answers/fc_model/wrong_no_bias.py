# No bias.
def build_fc_model():
    return keras.Sequential([
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu", use_bias=False),
        keras.layers.Dense(10, use_bias=False),
    ])
