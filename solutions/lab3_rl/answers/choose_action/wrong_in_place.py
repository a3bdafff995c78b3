# Changes the caller's logits.
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    logits += rng.gumbel(size=logits.shape)
    return np.argmax(logits, axis=-1)
