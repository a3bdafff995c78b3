# Unicode's numbers instead of those of char2idx.
def vectorize_string(string, char2idx):
    return np.array([ord(char) for char in string], dtype=int)
