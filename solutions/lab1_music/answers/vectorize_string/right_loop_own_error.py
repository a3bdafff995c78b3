# A loop into an empty array, and an error of its own (a subclass of KeyError).
class UnknownCharacter(KeyError):
    pass


def vectorize_string(string, char2idx):
    ids = np.empty(len(string), dtype="int64")
    for place, char in enumerate(string):
        if char not in char2idx:
            raise UnknownCharacter(f"the character {char!r} at {place} is not in the vocabulary")
        ids[place] = char2idx[char]
    return ids
