# Unknown characters are left out silently.
def vectorize_string(string, char2idx):
    return np.array([char2idx[char] for char in string if char in char2idx], dtype=int)
