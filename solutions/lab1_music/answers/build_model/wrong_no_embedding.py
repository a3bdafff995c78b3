# One-hot vectors instead of an embedding.
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Lambda(lambda x: tf.one_hot(x, vocab_size)),
            layers.LSTM(rnn_units, return_sequences=True),
            layers.Dense(vocab_size),
        ]
    )
