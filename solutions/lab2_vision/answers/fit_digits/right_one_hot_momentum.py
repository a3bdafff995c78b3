# One-hot labels, momentum, an own shuffle by NumPy.
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    order = np.random.default_rng(seed).permutation(len(labels))
    targets = keras.utils.to_categorical(np.asarray(labels), 10)
    model.compile(
        optimizer=keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    )
    return model.fit(np.asarray(images)[order], targets[order], batch_size=32, epochs=epochs, verbose=2)
