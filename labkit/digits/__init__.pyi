__all__ = ["Digits", "load_digits", "plot_confusion", "show_mistakes"]

from .loading import Digits, load_digits
from .mistakes import plot_confusion, show_mistakes
