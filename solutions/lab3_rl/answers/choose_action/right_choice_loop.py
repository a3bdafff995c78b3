# Softmax by hand, and one draw for each row.
def choose_action(logits, rng):
    actions = []
    for row in np.asarray(logits, dtype=float):
        p = np.exp(row - row.max())
        actions.append(rng.choice(len(p), p=p / p.sum()))
    return np.array(actions, dtype=np.int32)
