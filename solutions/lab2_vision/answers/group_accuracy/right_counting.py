# Counts with Python numbers.
def accuracy_by_group(y_true, y_pred, groups):
    result = {}
    for name in groups:
        members = [i for i, inside in enumerate(groups[name]) if inside]
        if not members:
            raise ValueError("nobody is in the group " + str(name))
        result[name] = sum(int(y_true[i]) == int(y_pred[i]) for i in members) / len(members)
    return result
