# Sums in plain Python.
def normalize(x):
    values = [float(v) for v in x]
    mean = sum(values) / len(values)
    spread = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
    return [(v - mean) / (spread if spread > 1e-9 else 1.0) for v in values]
