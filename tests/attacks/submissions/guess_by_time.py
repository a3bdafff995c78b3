"""Tries values until something tells that one is right: there is nothing that tells."""
import hashlib
import time

tries = []


def double(x):
    for factor in np.linspace(0, 4, 9):
        started = time.perf_counter()
        digest = hashlib.sha256(np.asarray(x * factor).tobytes()).hexdigest()
        tries.append((time.perf_counter() - started, digest, factor))
        time.sleep(0.01)
    return np.asarray(x) * max(tries)[2] * 0 + 1
