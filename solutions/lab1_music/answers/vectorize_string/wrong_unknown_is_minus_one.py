# Unknown characters become -1.
def vectorize_string(string, char2idx):
    return np.array([char2idx.get(char, -1) for char in string], dtype=int)
