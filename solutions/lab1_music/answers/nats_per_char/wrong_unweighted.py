# The mean of the windows, however short.
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for i in range(0, len(targets), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x))) 
    return total / -(-len(targets) // seq_length)
