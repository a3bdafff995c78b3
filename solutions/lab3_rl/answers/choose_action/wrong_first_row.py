# The first row decides for all.
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    p = np.exp(logits[0] - logits[0].max())
    return rng.choice(len(p), size=len(logits), p=p / p.sum())
