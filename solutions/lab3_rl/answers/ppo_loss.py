# %% right: maximum · the larger of two losses; keras.ops
def ppo_loss(new_log_probs, old_log_probs, advantages, clip=0.2):
    old = keras.ops.stop_gradient(keras.ops.convert_to_tensor(old_log_probs, "float32"))
    weights = keras.ops.stop_gradient(
        keras.ops.convert_to_tensor(keras.ops.cast(advantages, "float32"))
    )
    ratio = keras.ops.exp(keras.ops.cast(new_log_probs, "float32") - old)
    losses = keras.ops.maximum(
        -weights * ratio, -weights * keras.ops.clip(ratio, 1 - clip, 1 + clip)
    )
    return keras.ops.mean(losses)

# %% right: where · clipped by tf.where on the sign of the advantage; float64
def ppo_loss(new_log_probs, old_log_probs, advantages, clip=0.2):
    new, old, adv = (tf.cast(x, tf.float64) for x in (new_log_probs, old_log_probs, advantages))
    old, adv = tf.stop_gradient(old), tf.stop_gradient(adv)
    ratio = tf.exp(new) / tf.exp(old)
    limited = tf.where(adv >= 0, tf.minimum(ratio, 1 + clip), tf.maximum(ratio, 1 - clip))
    return tf.cast(-tf.reduce_mean(limited * adv), tf.float32)

# %% right: hint_3 · hint 3, filled in
def ppo_loss(new_log_probs, old_log_probs, advantages, clip=0.2):
    old = tf.stop_gradient(tf.cast(old_log_probs, tf.float32))
    advantages = tf.stop_gradient(tf.cast(advantages, tf.float32))
    ratio = tf.exp(tf.cast(new_log_probs, tf.float32) - old)
    clipped = tf.clip_by_value(ratio, 1 - clip, 1 + clip)
    return -tf.reduce_mean(tf.minimum(ratio * advantages, clipped * advantages))

# %% wrong: clips_product · clips ratio times advantage instead of the ratio
# -     return -tf.reduce_mean(tf.minimum(ratio * advantages, clipped * advantages))
# +     return -tf.reduce_mean(
# +         tf.minimum(ratio * advantages, tf.clip_by_value(ratio * advantages, 1 - clip, 1 + clip))
# +     )

# %% wrong: fixed_clip · always clips to 0.8…1.2, whatever clip is
# -     clipped = tf.clip_by_value(ratio, 1 - clip, 1 + clip)
# +     clipped = tf.clip_by_value(ratio, 0.8, 1.2)

# %% wrong: gradient_of_old · gradients flow through the old log-probabilities, too
# -     old, advantages = (
# -         tf.stop_gradient(tf.cast(x, tf.float32)) for x in (old_log_probs, advantages)
# -     )
# +     old, advantages = (tf.cast(x, tf.float32) for x in (old_log_probs, advantages))

# %% wrong: inverse_ratio · old over new instead of new over old
# -     ratio = tf.exp(new - old)
# +     ratio = tf.exp(old - new)

# %% wrong: lower_side_only · clips the ratio only below
# -     clipped = tf.clip_by_value(ratio, 1 - clip, 1 + clip)
# +     clipped = tf.maximum(ratio, 1 - clip)

# %% wrong: maximum · the maximum instead of the minimum
# -     return -tf.reduce_mean(tf.minimum(ratio * advantages, clipped * advantages))
# +     return -tf.reduce_mean(tf.maximum(ratio * advantages, clipped * advantages))

# %% wrong: no_clip · the ratio is not clipped
# -     clipped = tf.clip_by_value(ratio, 1 - clip, 1 + clip)
# +     clipped = ratio

# %% wrong: normalizes · the advantages are normalised as well
# -     ratio = tf.exp(new - old)
# +     ratio = tf.exp(new - old)
# +     advantages = (advantages - tf.reduce_mean(advantages)) / (tf.math.reduce_std(advantages) + 1e-8)

# %% wrong: numpy · computed in NumPy, so no gradient flows
def ppo_loss(new_log_probs, old_log_probs, advantages, clip=0.2):
    ratio = np.exp(np.asarray(new_log_probs) - np.asarray(old_log_probs))
    advantages = np.asarray(advantages)
    return -np.mean(np.minimum(ratio * advantages, np.clip(ratio, 1 - clip, 1 + clip) * advantages))

# %% wrong: sign · the minus is missing
# -     return -tf.reduce_mean(tf.minimum(ratio * advantages, clipped * advantages))
# +     return tf.reduce_mean(tf.minimum(ratio * advantages, clipped * advantages))

# %% wrong: sum · the sum instead of the mean
# -     return -tf.reduce_mean(tf.minimum(ratio * advantages, clipped * advantages))
# +     return -tf.reduce_sum(tf.minimum(ratio * advantages, clipped * advantages))

# %% wrong: upper_side_only · clips the ratio only above
# -     clipped = tf.clip_by_value(ratio, 1 - clip, 1 + clip)
# +     clipped = tf.minimum(ratio, 1 + clip)
