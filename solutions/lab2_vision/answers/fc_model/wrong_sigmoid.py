# A sigmoid in the hidden layer.
def build_fc_model():
    return keras.Sequential([
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="sigmoid"),
        keras.layers.Dense(10),
    ])
