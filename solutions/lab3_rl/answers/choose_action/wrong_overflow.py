# Exponentiates without care.
def choose_action(logits, rng):
    p = np.exp(np.asarray(logits, float))
    p = p / p.sum(axis=-1, keepdims=True)
    return np.array([rng.choice(len(row), p=row) for row in p])
