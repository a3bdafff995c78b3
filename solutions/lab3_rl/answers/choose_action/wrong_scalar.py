# A single action for the first row.
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    return int(np.argmax(logits[0] + rng.gumbel(size=logits.shape[1])))
