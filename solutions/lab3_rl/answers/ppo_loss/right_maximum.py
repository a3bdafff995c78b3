# The larger of two losses; keras.ops.
def ppo_loss(new_log_probs, old_log_probs, advantages, clip=0.2):
    old = keras.ops.stop_gradient(keras.ops.convert_to_tensor(old_log_probs, "float32"))
    weights = keras.ops.stop_gradient(keras.ops.convert_to_tensor(keras.ops.cast(advantages, "float32")))
    ratio = keras.ops.exp(keras.ops.cast(new_log_probs, "float32") - old)
    losses = keras.ops.maximum(-weights * ratio, -weights * keras.ops.clip(ratio, 1 - clip, 1 + clip))
    return keras.ops.mean(losses)
