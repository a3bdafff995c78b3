# The error names nobody.
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            raise ValueError("a group is empty")
        result[name] = np.mean(right[mask])
    return result
