# Calls a copy of the LSTM layer that takes and returns its states.
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    embedding, lstm, dense = [layer for layer in model.layers if layer.weights]
    reader = keras.layers.LSTM(lstm.cell.units, return_sequences=True, return_state=True)
    reader.build((None, None, embedding.output_dim))
    reader.set_weights(lstm.get_weights())
    ids = tf.constant([[char2idx[char] for char in start]])
    states, text = None, start
    while len(text) < len(start) + length:
        output, *states = reader(embedding(ids), initial_state=states)
        number = int(sample_next(dense(output)[0, -1].numpy(), temperature, rng))
        text = text + idx2char[number]
        ids = tf.constant([[number]])
    return text
