# The KeyError does not name the character.
def vectorize_string(string, char2idx):
    if any(char not in char2idx for char in string):
        raise KeyError('unknown character')
    return np.array([char2idx[char] for char in string], dtype=int)
