# An empty group gets 0.
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        result[name] = np.mean(right[mask]) if np.any(mask) else 0.0
    return result
