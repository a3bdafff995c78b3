# One window after the other, weighted by its characters.
def nats_per_char(model, vectorized, seq_length):
    total, count = 0.0, 0
    for start in range(0, len(vectorized) - 1, seq_length):
        piece = vectorized[start : start + seq_length + 1]
        x, y = piece[None, :-1], piece[None, 1:]
        total += float(compute_loss(y, model(x, training=False))) * y.size
        count += y.size
    return total / count
