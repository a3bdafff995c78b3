# The state is empty again for every character.
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    embedding, lstm, dense = model.layers
    text = start
    for i in range(len(start) + length - 1):
        state = [tf.zeros((1, lstm.units)), tf.zeros((1, lstm.units))]
        output, state = lstm.cell(embedding(np.array([char2idx[text[i]]])), state)
        if i >= len(start) - 1:
            text += idx2char[sample_next(dense(output)[0], temperature, rng)]
    return text
