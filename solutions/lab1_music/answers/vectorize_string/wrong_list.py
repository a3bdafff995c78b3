# Returns a list.
def vectorize_string(string, char2idx):
    return [char2idx[char] for char in string]
