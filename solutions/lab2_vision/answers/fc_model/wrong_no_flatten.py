# Not flattened: a logit for every pixel.
def build_fc_model():
    return keras.Sequential([
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10),
    ])
