# %% right: column_stack · columns by hand
def features(points, names):
    points = np.array(points, dtype=float)
    x = points[:, 0]
    y = points[:, 1]
    columns = []
    for name in names:
        if name == "x":
            columns.append(x)
        elif name == "y":
            columns.append(y)
        elif name in ("x2", "y2"):
            columns.append((x if name == "x2" else y) ** 2)
        elif name == "xy":
            columns.append(x * y)
        elif name in ("sinx", "siny"):
            columns.append(np.sin(x if name == "sinx" else y))
        else:
            raise KeyError(name)
    return np.column_stack(columns)

# %% right: functions · a table of functions
TABLE = {
    "x": lambda x, y: x, "y": lambda x, y: y, "x2": lambda x, y: x * x, "y2": lambda x, y: y * y,
    "xy": lambda x, y: x * y, "sinx": lambda x, y: np.sin(x), "siny": lambda x, y: np.sin(y),
}


def features(points, names):
    columns = [TABLE[name](*np.transpose(points)) for name in names]
    return np.array(columns, dtype="float64").T

# %% wrong: own_order · always in the order of the table
# -     return np.stack([columns[name] for name in names], axis=1)
# +     return np.stack([columns[name] for name in columns if name in names or columns[name] is None], axis=1)

# %% wrong: rows · a row for each name
# -     return np.stack([columns[name] for name in names], axis=1)
# +     return np.stack([columns[name] for name in names])

# %% wrong: degrees · sines of degrees
# -         "sinx": np.sin(x),
# -         "siny": np.sin(y),
# +         "sinx": np.sin(np.radians(x)),
# +         "siny": np.sin(np.radians(y)),

# %% wrong: pi · sines of πx
# -         "sinx": np.sin(x),
# -         "siny": np.sin(y),
# +         "sinx": np.sin(np.pi * x),
# +         "siny": np.sin(np.pi * y),

# %% wrong: swapped · x and y are swapped
# -     x, y = np.asarray(points, float).T
# +     y, x = np.asarray(points, float).T

# %% wrong: doubled · 2x for x²
# -         "x2": x**2,
# -         "y2": y**2,
# +         "x2": 2 * x,
# +         "y2": 2 * y,

# %% wrong: sum · the sum for xy
# -         "xy": x * y,
# +         "xy": x + y,

# %% wrong: skips · unknown names are left out
# -     return np.stack([columns[name] for name in names], axis=1)
# +     return np.stack([columns[name] for name in names if name in columns], axis=1)

# %% wrong: zeros · unknown names give zeros
# -     return np.stack([columns[name] for name in names], axis=1)
# +     return np.stack([columns.get(name, 0 * x) for name in names], axis=1)

# %% wrong: value_error · another exception, which names nothing
# -     return np.stack([columns[name] for name in names], axis=1)
# +     if any(name not in columns for name in names):
# +         raise ValueError("unknown feature")
# +     return np.stack([columns[name] for name in names], axis=1)

# %% wrong: cosine · a cosine for siny
# -         "siny": np.sin(y),
# +         "siny": np.cos(y),

