# Returns a list of characters.
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return [idx2char[i] for i in ids]
