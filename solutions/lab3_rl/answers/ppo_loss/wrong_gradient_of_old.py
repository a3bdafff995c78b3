# Gradients flow through the old policy too.
def ppo_loss(new_log_probs, old_log_probs, advantages, clip=0.2):
    new = tf.cast(new_log_probs, tf.float32)
    old, advantages = (tf.cast(x, tf.float32) for x in (old_log_probs, advantages))
    ratio = tf.exp(new - old)
    clipped = tf.clip_by_value(ratio, 1 - clip, 1 + clip)
    return -tf.reduce_mean(tf.minimum(ratio * advantages, clipped * advantages))
