# Raises a ValueError.
def vectorize_string(string, char2idx):
    if not set(string) <= set(char2idx):
        raise ValueError(f'unknown: {set(string) - set(char2idx)}')
    return np.array([char2idx[char] for char in string], dtype=int)
