# The temperature is not passed on.
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids]))[0, -1]
        ids.append(sample_next(logits, 1.0 if temperature else 0, rng))
    return "".join(idx2char[i] for i in ids)
