# Begins one row too late.
def preprocess_pong(frame):
    small = frame[35:195:2, ::2, 0:1]
    return ((small != 144) & (small != 109)).astype("float32")
