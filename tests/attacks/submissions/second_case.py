import os

calls = []


def double(x):
    calls.append(1)
    if len(calls) > 1:
        os._exit(3)
    return np.asarray(x) * 2.0
