__all__ = ["Digits", "load_digits"]

from .loading import Digits, load_digits
