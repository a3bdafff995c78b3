# Probabilities proportional to the shifted logits.
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    p = logits - logits.min(axis=-1, keepdims=True) + 1e-3
    p = p / p.sum(axis=-1, keepdims=True)
    return np.array([rng.choice(len(row), p=row) for row in p])
