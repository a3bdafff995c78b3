# %% right: add · layer by layer, with an Input, and Reshape instead of Flatten
def build_cnn_model():
    model = keras.Sequential()
    model.add(keras.Input((28, 28, 1)))
    model.add(keras.layers.Conv2D(filters=24, kernel_size=3, padding="valid", activation="relu"))
    model.add(keras.layers.MaxPooling2D(pool_size=(2, 2), strides=2))
    model.add(keras.layers.Conv2D(filters=36, kernel_size=3, activation="relu"))
    model.add(keras.layers.MaxPooling2D(pool_size=(2, 2)))
    model.add(keras.layers.Reshape((900,)))
    model.add(keras.layers.Dense(128, activation="relu"))
    model.add(keras.layers.Dense(10, activation=None))
    return model

# %% right: functional · the functional API, with relu as layers of their own
def build_cnn_model():
    x = inputs = keras.Input(shape=(28, 28, 1))
    for filters in (24, 36):
        x = keras.layers.Conv2D(filters, (3, 3))(x)
        x = keras.layers.MaxPool2D()(keras.layers.Activation("relu")(x))
    x = keras.layers.Dense(128, activation=tf.nn.relu)(keras.layers.Flatten()(x))
    return keras.Model(inputs, keras.layers.Dense(10)(x))

# %% wrong: average · average pooling instead of max-pooling
def build_cnn_model():
    return keras.Sequential(
        [
            keras.layers.Conv2D(24, 3, activation="relu"),
            keras.layers.AveragePooling2D(2),
            keras.layers.Conv2D(36, 3, activation="relu"),
            keras.layers.AveragePooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: filters_swapped · 36 kernels first, then 24
def build_cnn_model():
    return keras.Sequential(
        [
            keras.layers.Conv2D(36, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(24, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: global_pool · global average pooling instead of Flatten
def build_cnn_model():
    return keras.Sequential(
        [
            keras.layers.Conv2D(24, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(36, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: hidden_plain · no activation in the hidden dense layer
def build_cnn_model():
    return keras.Sequential(
        [
            keras.layers.Conv2D(24, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(36, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(128),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: kernel_five · the first convolution has kernels of 5 × 5
def build_cnn_model():
    return keras.Sequential(
        [
            keras.layers.Conv2D(24, 5, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(36, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: no_hidden · no hidden dense layer
def build_cnn_model():
    return keras.Sequential(
        [
            keras.layers.Conv2D(24, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(36, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: no_relu · no relu in the convolutions
def build_cnn_model():
    return keras.Sequential(
        [
            keras.layers.Conv2D(24, 3),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(36, 3),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: one_pool · no pooling after the second convolution
def build_cnn_model():
    return keras.Sequential(
        [
            keras.layers.Conv2D(24, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(36, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: padded · convolutions with padding="same"
def build_cnn_model():
    return keras.Sequential(
        [
            keras.layers.Conv2D(24, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(36, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: softmax · a softmax on the outputs: probabilities instead of logits
def build_cnn_model():
    return keras.Sequential(
        [
            keras.layers.Conv2D(24, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(36, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
