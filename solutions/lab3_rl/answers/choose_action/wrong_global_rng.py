# Draws from NumPy's global generator.
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    return np.argmax(logits + np.random.gumbel(size=logits.shape), axis=-1)
