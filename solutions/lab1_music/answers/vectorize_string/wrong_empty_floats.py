# An empty text becomes an array of floats.
def vectorize_string(string, char2idx):
    return np.array([char2idx[char] for char in string])
