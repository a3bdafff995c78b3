# Softmax over the batch.
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    p = np.exp(logits - logits.max(axis=0))
    p = p / p.sum(axis=0)
    return np.array([rng.choice(len(row), p=row / row.sum()) for row in p])
