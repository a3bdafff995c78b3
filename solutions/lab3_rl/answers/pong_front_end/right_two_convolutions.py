# Two convolutions, scaled to 0…1, no dense layer.
def make_pong_front_end():
    return keras.Sequential([
        keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(8, 5, strides=2, activation="relu", padding="same"),
        keras.layers.Conv2D(16, 3, strides=2, activation="elu"),
        keras.layers.Flatten(),
        
    ])
