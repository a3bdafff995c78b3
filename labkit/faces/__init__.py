"""Faces: drawn ones with known attributes, real ones, and the parts of a detector."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
