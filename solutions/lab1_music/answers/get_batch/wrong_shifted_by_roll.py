# The last target is the window's first character.
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.roll(inputs, -1, axis=1)
    return inputs, targets
