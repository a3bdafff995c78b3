# A column (N, 1) instead of a vector.
def vectorize_string(string, char2idx):
    return np.array([[char2idx[char]] for char in string], dtype=int)
