# A hidden layer of 100.
def build_fc_model():
    return keras.Sequential([
        keras.layers.Flatten(),
        keras.layers.Dense(100, activation="relu"),
        keras.layers.Dense(10),
    ])
