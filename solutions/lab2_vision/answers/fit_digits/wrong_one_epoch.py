# Forgets to pass the epochs on.
def fit_digits(model, images, labels, epochs, seed):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model.fit(images, labels, batch_size=32, verbose=0)
