# One roll of the dice for the whole batch.
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    return np.argmax(logits + rng.gumbel(size=logits.shape[1]), axis=-1)
