# The number of right answers.
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            raise ValueError(f"the group {name} is empty")
        result[name] = int(np.sum(right[mask]))
    return result
