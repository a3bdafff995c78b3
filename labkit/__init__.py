"""The student library of the labs: checks, budgets, seeds, live curves, plots and datasets.

Topics are packages of their own: `labkit.music`, `labkit.digits`, `labkit.faces`, `labkit.rl`. `import labkit` is cheap: every
public name is loaded with its module when it is first used; the names are listed in `__init__.pyi`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
