# Carries the state through the LSTM's cell; layers without weights (an input, dropout) are passed over.
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    embedding, lstm, dense = [layer for layer in model.layers if layer.weights]
    state = [tf.zeros((1, lstm.cell.units)), tf.zeros((1, lstm.cell.units))]
    text = start
    for i in range(len(start) + length - 1):
        output, state = lstm.cell(embedding(np.array([char2idx[text[i]]])), state)
        if i >= len(start) - 1:
            text += idx2char[sample_next(dense(output)[0], temperature, rng)]
    return text
