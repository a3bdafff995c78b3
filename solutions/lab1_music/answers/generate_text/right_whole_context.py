# Reads the whole text again for each new character.
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = list(vectorize_string(start, char2idx))
    for _ in range(length):
        logits = model(np.array([ids]), training=False)[0, -1]
        ids.append(int(sample_next(logits, temperature, rng)))
    return start + "".join(str(idx2char[i]) for i in ids[len(start) :])
