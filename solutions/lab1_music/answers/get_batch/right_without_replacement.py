# No start twice in a batch; windows as a view of the text.
def get_batch(vectorized, seq_length, batch_size, rng):
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(vectorized), seq_length + 1)
    chosen = windows[rng.permutation(len(windows))[:batch_size]]
    return chosen[:, :seq_length].copy(), chosen[:, 1:].copy()
