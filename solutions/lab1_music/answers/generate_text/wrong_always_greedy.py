# Always the best guess, at every temperature.
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids]))[0, -1]
        ids.append(int(np.argmax(logits)))
    return "".join(idx2char[i] for i in ids)
