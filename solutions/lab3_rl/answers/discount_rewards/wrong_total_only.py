# One number for the whole episode.
def discount_rewards(rewards, gamma=0.95):
    return sum(gamma**k * r for k, r in enumerate(rewards))
