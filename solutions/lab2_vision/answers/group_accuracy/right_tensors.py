# By tf.boolean_mask; scalar tensors come out.
def accuracy_by_group(y_true, y_pred, groups):
    right = tf.cast(tf.equal(tf.cast(y_true, tf.int64), tf.cast(y_pred, tf.int64)), tf.float64)
    accuracies = {}
    for name, mask in groups.items():
        if not np.asarray(mask).any():
            raise ValueError(f"group {name} has no members")
        accuracies[name] = tf.reduce_mean(tf.boolean_mask(right, mask))
    return accuracies
