# Returns a tensor of integers.
def vectorize_string(string, char2idx):
    return tf.constant(list(map(char2idx.__getitem__, string)), dtype=tf.int64)
