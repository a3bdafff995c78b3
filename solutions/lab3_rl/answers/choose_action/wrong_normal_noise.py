# Adds noise of the wrong distribution.
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    return np.argmax(logits + rng.normal(size=logits.shape), axis=-1)
