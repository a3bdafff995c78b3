# A weighted average of the losses of the windows.
def nats_per_char(model, vectorized, seq_length):
    cuts = np.arange(seq_length, len(vectorized) - 1, seq_length)
    xs, ys = np.split(vectorized[:-1], cuts), np.split(vectorized[1:], cuts)
    losses = [compute_loss(y[None], model(x[None])) for x, y in zip(xs, ys)]
    return np.average([float(loss) for loss in losses], weights=[len(y) for y in ys])
