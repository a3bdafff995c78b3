# np.fromiter with 32-bit integers.
def vectorize_string(string, char2idx):
    return np.fromiter((char2idx[char] for char in string), dtype=np.int32, count=len(string))
