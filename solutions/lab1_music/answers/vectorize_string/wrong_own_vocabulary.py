# Numbers the characters of the text anew.
def vectorize_string(string, char2idx):
    char2idx = {char: i for i, char in enumerate(sorted(set(string)))}
    return np.array([char2idx[char] for char in string], dtype=int)
