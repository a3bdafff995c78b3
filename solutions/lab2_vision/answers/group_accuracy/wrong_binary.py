# Rounds labels to 0 and 1.
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            raise ValueError(f"the group {name} is empty")
        result[name] = np.mean((np.asarray(y_true)[mask] > 0) == (np.asarray(y_pred)[mask] > 0))
    return result
