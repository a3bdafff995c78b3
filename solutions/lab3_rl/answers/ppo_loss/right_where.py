# By cases: no gain beyond the edge that the sign of the advantage names; float64.
def ppo_loss(new_log_probs, old_log_probs, advantages, clip=0.2):
    new, old, adv = (tf.cast(x, tf.float64) for x in (new_log_probs, old_log_probs, advantages))
    old, adv = tf.stop_gradient(old), tf.stop_gradient(adv)
    ratio = tf.exp(new) / tf.exp(old)
    limited = tf.where(adv >= 0, tf.minimum(ratio, 1 + clip), tf.maximum(ratio, 1 - clip))
    return tf.cast(-tf.reduce_mean(limited * adv), tf.float32)
