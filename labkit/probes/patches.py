"""The one change to a library that probes make while they run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["tensorflow_kernels_kept"]


@contextmanager
def tensorflow_kernels_kept() -> Iterator[None]:
    """Keep `tf.random.set_seed` from discarding the kernels that TensorFlow has compiled.

    What: inside the `with` block, `TFE_ContextClearCaches` does nothing.

    Why: `set_seed` clears the cache of all kernels because those of random operations hold the
    state of their generators, and would go on from where they are. With a seed that was never used
    before there is no such kernel, and making all others again takes a fifth of the time of a
    notebook's tests. The caller must make sure that the seed is new.

    Which version: TensorFlow 2.19 to 2.21, `Context._set_global_seed` of
    https://github.com/tensorflow/tensorflow/blob/v2.19.0/tensorflow/python/eager/context.py
    It looks the function up in the module `pywrap_tfe` at each call. Where TensorFlow is not
    loaded, or the function has another name, nothing is changed: seeding is slower, not wrong.
    """
    module = sys.modules.get("tensorflow.python.pywrap_tfe")
    clear = getattr(module, "TFE_ContextClearCaches", None)
    if module is None or clear is None:
        yield
        return
    module.TFE_ContextClearCaches = lambda context: None  # type: ignore[attr-defined]
    try:
        yield
    finally:
        module.TFE_ContextClearCaches = clear  # type: ignore[attr-defined]
