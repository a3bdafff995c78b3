"""Leaves a kernel in which nothing works."""
import builtins
import sys


def double(x):
    for name in ("len", "range", "print", "isinstance", "__import__", "__build_class__", "open", "super"):
        setattr(builtins, name, None)
    sys.meta_path.clear()
    sys.path_hooks.clear()
    np.random.default_rng = None
    return x
