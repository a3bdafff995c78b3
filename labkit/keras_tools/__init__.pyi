__all__ = ["add_dropout", "init_embeddings", "live_fit", "numpy_copy"]

from .fast import numpy_copy
from .fitting import add_dropout, init_embeddings, live_fit
