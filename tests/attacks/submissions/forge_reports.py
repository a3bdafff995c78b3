"""Reports what the test asks for before the test does, and twice, in another order."""
from labkit.probes import case, probe


def double(x):
    for number in range(2):
        with case(f"random vector {number}"):
            probe("input afterwards", np.asarray(x))
            probe("result", np.asarray(x) * 3.0)
    return np.asarray(x) * 3.0
