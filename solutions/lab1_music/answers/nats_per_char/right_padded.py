# All windows in one batch, the last one padded at its end and masked; its own log-softmax; returns a tensor.
def nats_per_char(model, vectorized, seq_length):
    n = len(vectorized) - 1
    rows = -(-n // seq_length)
    x, y, weight = np.zeros((3, rows * seq_length), dtype=int)
    x[:n], y[:n], weight[:n] = vectorized[:-1], vectorized[1:], 1
    log_p = tf.nn.log_softmax(model(x.reshape(rows, seq_length)))
    picked = tf.gather(log_p, y.reshape(rows, seq_length), axis=-1, batch_dims=2)
    return -tf.reduce_sum(picked * weight.reshape(rows, seq_length)) / n
