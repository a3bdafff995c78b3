# %% right: adam · Adam and Keras' defaults, as in the hint
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    model.compile(
        optimizer="adam",
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0)

# %% right: one_hot_momentum · one-hot labels, SGD with momentum, a first shuffle by NumPy
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    order = np.random.default_rng(seed).permutation(len(labels))
    targets = keras.utils.to_categorical(np.asarray(labels), 10)
    model.compile(
        optimizer=keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    )
    return model.fit(
        np.asarray(images)[order], targets[order], batch_size=32, epochs=epochs, verbose=2
    )

# %% right: small_batches_rmsprop · RMSprop, batches of 24, the seed set by seed_everything
def fit_digits(model, images, labels, epochs, seed):
    seed_everything(seed)
    loss = lambda y, z: tf.nn.sparse_softmax_cross_entropy_with_logits(
        tf.cast(tf.reshape(y, [-1]), tf.int32), z
    )
    model.compile(optimizer=keras.optimizers.RMSprop(1e-3), loss=loss)
    history = model.fit(
        x=images, y=labels, batch_size=24, epochs=epochs, verbose=0, callbacks=[live_fit()]
    )
    return history

# %% wrong: dictionary · returns the dictionary of losses instead of the History
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    model.compile(
        optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    return model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0).history

# %% wrong: in_place · divides the pictures by 255 once more, in the caller's array
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    model.compile(
        optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    images /= 255.0
    return model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0)

# %% wrong: no_seed · the seed is never set: every run ends elsewhere
def fit_digits(model, images, labels, epochs, seed):
    model.compile(
        optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    return model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0)

# %% wrong: one_epoch · epochs is not passed on: one epoch only
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    model.compile(
        optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    return model.fit(images, labels, batch_size=32, verbose=0)

# %% wrong: probabilities · logits are taken for probabilities
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0)

# %% wrong: regression · squared error against the label as a number
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="mse")
    return model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0)

# %% wrong: returns_model · returns the model instead of the History
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    model.compile(
        optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0)
    return model

# %% wrong: returns_nothing · trains, but returns nothing
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    model.compile(
        optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0)

# %% wrong: some_of_them · learns from the first 100 digits only
# -     data = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(images)).batch(32)
# +     images, labels = images[:100], labels[:100]
# +     data = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(images)).batch(32)

# %% wrong: losses_only · a History without a training: the losses are made up
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    model.compile(
        optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    history = keras.callbacks.History()
    history.history = {"loss": [2.3 / (epoch + 1) for epoch in range(epochs)]}
    return history

# %% wrong: timid · plain SGD with a learning rate too small to arrive
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    model.compile(
        optimizer=keras.optimizers.SGD(1e-4),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0)

# %% equivalent: line 17, column 11: keyword callbacks is dropped · the live curve shows the training and does not change it

# %% equivalent: line 17, column 11: keyword verbose is dropped · a progress bar changes no weight

# %% equivalent: line 16, column 52: True becomes False · without shifts the networks read a little less; the contract asks for 95 % and leaves the way free

# %% equivalent: line 11, column 12: keyword fill_mode is dropped · paper beyond the edge or a reflection of it: there is no ink at the edges

# %% equivalent: line 10, column 91: 32 becomes 33 · the batch size is the student's choice
