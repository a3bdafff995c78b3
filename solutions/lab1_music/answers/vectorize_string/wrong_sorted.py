# The order of the text is lost.
def vectorize_string(string, char2idx):
    return np.array([char2idx[char] for char in sorted(string)], dtype=int)
