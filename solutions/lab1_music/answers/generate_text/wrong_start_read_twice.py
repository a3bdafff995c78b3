# The last character of the start is read twice.
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    embedding, lstm, dense = model.layers
    state = [tf.zeros((1, lstm.units)), tf.zeros((1, lstm.units))]
    for char in start:
        output, state = lstm.cell(embedding(np.array([char2idx[char]])), state)
    text = start
    for _ in range(length):
        output, state = lstm.cell(embedding(np.array([char2idx[text[-1]]])), state)
        text += idx2char[sample_next(dense(output)[0], temperature, rng)]
    return text
