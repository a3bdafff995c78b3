# One window after the other, each start drawn on its own; lists stacked at the end.
def get_batch(vectorized, seq_length, batch_size, rng):
    inputs, targets = [], []
    for _ in range(batch_size):
        start = int(rng.integers(len(vectorized) - seq_length))
        inputs.append(vectorized[start : start + seq_length])
        targets.append(vectorized[start + 1 : start + 1 + seq_length])
    return np.stack(inputs), np.stack(targets)
