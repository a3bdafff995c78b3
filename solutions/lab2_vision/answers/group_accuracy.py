# %% right: counting · counts the right answers in plain Python
def accuracy_by_group(y_true, y_pred, groups):
    result = {}
    for name in groups:
        members = [i for i, inside in enumerate(groups[name]) if inside]
        if not members:
            raise ValueError("nobody is in the group " + str(name))
        result[name] = sum(int(y_true[i]) == int(y_pred[i]) for i in members) / len(members)
    return result

# %% right: sklearn · scikit-learn's accuracy_score, float32, and a subclass of ValueError
from sklearn.metrics import accuracy_score


class EmptyGroup(ValueError):
    pass


def accuracy_by_group(y_true, y_pred, groups):
    y_true, y_pred = np.array(y_true), np.array(y_pred)
    empty = [name for name, mask in groups.items() if np.sum(mask) == 0]
    if empty:
        raise EmptyGroup(f"empty: {', '.join(empty)}")
    return {
        name: np.float32(accuracy_score(y_true[mask], y_pred[mask]))
        for name, mask in groups.items()
    }

# %% right: tensors · tf.boolean_mask; the accuracies are scalar tensors
def accuracy_by_group(y_true, y_pred, groups):
    right = tf.cast(tf.equal(tf.cast(y_true, tf.int64), tf.cast(y_pred, tf.int64)), tf.float64)
    accuracies = {}
    for name, mask in groups.items():
        if not np.asarray(mask).any():
            raise ValueError(f"group {name} has no members")
        accuracies[name] = tf.reduce_mean(tf.boolean_mask(right, mask))
    return accuracies

# %% wrong: all · divides the group's right answers by the number of all labels
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            raise ValueError(f"the group {name} is empty")
        result[name] = np.sum(right & mask) / len(right)
    return result

# %% wrong: binary · compares only whether labels are above 0
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            raise ValueError(f"the group {name} is empty")
        result[name] = np.mean((np.asarray(y_true)[mask] > 0) == (np.asarray(y_pred)[mask] > 0))
    return result

# %% wrong: count · the number of right answers instead of their fraction
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            raise ValueError(f"the group {name} is empty")
        result[name] = int(np.sum(right[mask]))
    return result

# %% wrong: empty_nan · no error for an empty group, which gets NaN
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        result[name] = np.mean(right[mask])
    return result

# %% wrong: empty_zero · no error for an empty group, which gets 0
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        result[name] = np.mean(right[mask]) if np.any(mask) else 0.0
    return result

# %% wrong: error_type · raises a KeyError instead of a ValueError
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            raise KeyError(name)
        result[name] = np.mean(right[mask])
    return result

# %% wrong: errors · the error rate instead of the accuracy
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            raise ValueError(f"the group {name} is empty")
        result[name] = 1 - np.mean(right[mask])
    return result

# %% wrong: no_name · the error does not name the group
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            raise ValueError("a group is empty")
        result[name] = np.mean(right[mask])
    return result

# %% wrong: outside · the accuracy of those outside the group
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            raise ValueError(f"the group {name} is empty")
        result[name] = np.mean(right[~mask]) if np.any(~mask) else 0.0
    return result

# %% wrong: positives · the fraction predicted as 1, whatever is right
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            raise ValueError(f"the group {name} is empty")
        result[name] = np.mean(np.asarray(y_pred)[mask] == 1)
    return result

# %% wrong: overlap_ignored · whoever was counted in one group is left out of the next
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result, seen = {}, np.zeros(len(right), bool)
    for name, mask in groups.items():
        members = np.asarray(mask, bool) & ~seen
        if not np.any(members):
            raise ValueError(f"the group {name} is empty")
        result[name], seen = np.mean(right[members]), seen | members
    return result

# %% wrong: skipped · empty groups are left out silently
def accuracy_by_group(y_true, y_pred, groups):
    right = np.asarray(y_true) == np.asarray(y_pred)
    result = {}
    for name, mask in groups.items():
        if not np.any(mask):
            continue
        result[name] = np.mean(right[mask])
    return result
