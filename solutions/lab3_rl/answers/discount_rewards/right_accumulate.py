# itertools on the reversed rewards; a list.
from itertools import accumulate


def discount_rewards(rewards, gamma=0.95):
    backwards = accumulate(reversed([float(r) for r in rewards]), lambda total, r: r + gamma * total)
    return np.array(list(backwards)[::-1], dtype=np.float32)
