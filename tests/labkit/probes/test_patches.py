"""TensorFlow is changed for a moment only, and only where it is what we know."""

from __future__ import annotations

import sys
from contextlib import suppress

import tensorflow as tf

from labkit.probes.patches import tensorflow_kernels_kept


def test_kernels_are_kept_only_inside_the_block(monkeypatch):
    """`set_seed` calls the function of the patched module, and that is put back after an error."""
    calls = []
    module = sys.modules["tensorflow.python.pywrap_tfe"]
    monkeypatch.setattr(module, "TFE_ContextClearCaches", calls.append)
    tf.zeros(1)  # without a context there is nothing to clear
    tf.random.set_seed(1)
    assert len(calls) == 1
    with suppress(KeyError), tensorflow_kernels_kept():
        tf.random.set_seed(2)
        raise KeyError
    assert len(calls) == 1
    tf.random.set_seed(3)
    assert len(calls) == 2


def test_another_tensorflow_is_left_alone(monkeypatch):
    """Without the function, or without TensorFlow, seeding works as it always did."""
    monkeypatch.delattr(sys.modules["tensorflow.python.pywrap_tfe"], "TFE_ContextClearCaches")
    with tensorflow_kernels_kept():
        pass
    monkeypatch.delitem(sys.modules, "tensorflow.python.pywrap_tfe")
    with tensorflow_kernels_kept():
        pass
