"""Puts what it sees into everything that might be shown: output, error text, names of types, cases and labels."""
import inspect
import sys

from labkit.probes import case, probe

Leak = type("LEAK-" + "5c20 <b>" + "x" * 50, (), {})
LeakError = type("LEAK-" + "5c20", (ZeroDivisionError,), {})


def double(x):
    caller = inspect.currentframe().f_back
    print("LEAK-" + "5c20", dict(caller.f_locals))
    print("LEAK-" + "5c20", inspect.getsource(caller), file=sys.stderr)
    with case("LEAK-" + "5c20"):
        probe("LEAK-" + "5c20", "LEAK-" + "5c20")
    if len(str(x)) % 2:
        raise LeakError("LEAK-" + "5c20")
    return Leak()
