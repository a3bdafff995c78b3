# %% right: fromiter · np.fromiter with 32-bit integers
def vectorize_string(string, char2idx):
    return np.fromiter((char2idx[char] for char in string), dtype=np.int32, count=len(string))

# %% right: loop_own_error · a loop into an empty array, and an error of its own (a subclass of KeyError)
class UnknownCharacter(KeyError):
    pass


def vectorize_string(string, char2idx):
    ids = np.empty(len(string), dtype="int64")
    for place, char in enumerate(string):
        if char not in char2idx:
            raise UnknownCharacter(f"the character {char!r} at {place} is not in the vocabulary")
        ids[place] = char2idx[char]
    return ids

# %% right: map_tensor · returns a tensor of integers
def vectorize_string(string, char2idx):
    return tf.constant(list(map(char2idx.__getitem__, string)), dtype=tf.int64)

# %% wrong: code_points · Unicode's numbers instead of those of char2idx
def vectorize_string(string, char2idx):
    return np.array([ord(char) for char in string], dtype=int)

# %% wrong: column · a column (N, 1) instead of a vector
def vectorize_string(string, char2idx):
    return np.array([[char2idx[char]] for char in string], dtype=int)

# %% wrong: empty_floats · an empty text becomes an array of floats
def vectorize_string(string, char2idx):
    return np.array([char2idx[char] for char in string])

# %% wrong: error_type · raises a ValueError instead of a KeyError
def vectorize_string(string, char2idx):
    if not set(string) <= set(char2idx):
        raise ValueError(f"unknown: {set(string) - set(char2idx)}")
    return np.array([char2idx[char] for char in string], dtype=int)

# %% wrong: error_without_name · the KeyError does not name the character
def vectorize_string(string, char2idx):
    if any(char not in char2idx for char in string):
        raise KeyError("unknown character")
    return np.array([char2idx[char] for char in string], dtype=int)

# %% wrong: list · returns a list instead of an array
def vectorize_string(string, char2idx):
    return [char2idx[char] for char in string]

# %% wrong: own_vocabulary · numbers the characters of the text anew, without char2idx
def vectorize_string(string, char2idx):
    char2idx = {char: i for i, char in enumerate(sorted(set(string)))}
    return np.array([char2idx[char] for char in string], dtype=int)

# %% wrong: sorted · sorts the text first, so its order is lost
def vectorize_string(string, char2idx):
    return np.array([char2idx[char] for char in sorted(string)], dtype=int)

# %% wrong: unknown_dropped · unknown characters are left out silently
def vectorize_string(string, char2idx):
    return np.array([char2idx[char] for char in string if char in char2idx], dtype=int)

# %% wrong: unknown_is_added · unknown characters get a number of their own, in the caller's dictionary
def vectorize_string(string, char2idx):
    return np.array([char2idx.setdefault(char, len(char2idx)) for char in string], dtype=int)

# %% wrong: unknown_is_minus_one · unknown characters become -1
def vectorize_string(string, char2idx):
    return np.array([char2idx.get(char, -1) for char in string], dtype=int)
