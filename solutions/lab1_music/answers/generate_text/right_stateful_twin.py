# A twin with a stateful LSTM and the same weights reads one character at a time.
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    weights = model.get_weights()
    (vocab_size, embedding_dim), units = weights[0].shape, weights[2].shape[0]
    twin = keras.Sequential(
        [
            keras.Input(batch_shape=(1, 1)),
            keras.layers.Embedding(vocab_size, embedding_dim),
            keras.layers.LSTM(units, stateful=True),
            keras.layers.Dense(vocab_size),
        ]
    )
    twin.set_weights(weights)
    for char in start:
        logits = twin(np.array([[char2idx[char]]]))
    written = []
    for _ in range(length):
        number = sample_next(np.array(logits)[0], temperature, rng)
        written.append(idx2char[number])
        logits = twin(np.array([[number]]))
    return start + "".join(written)
