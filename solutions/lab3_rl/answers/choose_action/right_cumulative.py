# A uniform number is looked up in the cumulated probabilities.
def choose_action(logits, rng):
    z = np.asarray(logits, dtype=np.float64)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    edges = np.cumsum(p / p.sum(axis=1, keepdims=True), axis=1)
    u = rng.random((len(z), 1))
    return np.minimum((u > edges).sum(axis=1), z.shape[1] - 1)
