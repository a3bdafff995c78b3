# NumPy, through which no gradient flows.
def ppo_loss(new_log_probs, old_log_probs, advantages, clip=0.2):
    ratio = np.exp(np.asarray(new_log_probs) - np.asarray(old_log_probs))
    advantages = np.asarray(advantages)
    return -np.mean(np.minimum(ratio * advantages, np.clip(ratio, 1 - clip, 1 + clip) * advantages))
