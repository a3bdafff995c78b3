# Softmax on the outputs: no logits.
def build_cnn_model():
    return keras.Sequential([
        keras.layers.Conv2D(24, 3, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Conv2D(36, 3, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
