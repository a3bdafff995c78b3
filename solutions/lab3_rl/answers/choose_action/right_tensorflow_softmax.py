# Softmax by TensorFlow, draws by multinomial, a list of Python ints.
def choose_action(logits, rng):
    p = tf.nn.softmax(tf.cast(logits, tf.float64)).numpy()
    p = p / p.sum(axis=-1, keepdims=True)
    return [int(rng.multinomial(1, row).argmax()) for row in p]
