# A loss object made once, outside.
_cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def compute_loss(labels, logits):
    return _cross_entropy(labels, logits)
