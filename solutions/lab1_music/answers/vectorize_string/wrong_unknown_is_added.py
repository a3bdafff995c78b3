# Unknown characters get a number of their own, in the caller's dictionary.
def vectorize_string(string, char2idx):
    return np.array([char2idx.setdefault(char, len(char2idx)) for char in string], dtype=int)
