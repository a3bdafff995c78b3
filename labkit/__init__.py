"""The student library of the labs: checks, budgets, seeds, training curves, plots and datasets.

Each topic of the labs is a package of its own beside this core, such as `labkit.music`. `import
labkit` is cheap: every public name is loaded with its module when it is first used; the names are
listed in `__init__.pyi`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
