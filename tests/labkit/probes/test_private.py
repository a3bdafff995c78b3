"""The names and settings of the course's setup outlast what a student's code does to them."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.probes.private import ours


def test_names_are_kept_as_attributes() -> None:
    """Those that are there; the student's own stay the student's."""
    space = {"kept_name": [1], "other": 2}
    ours.keep(space, ("kept_name", "not_there"))
    space["kept_name"] = None  # type: ignore[assignment]
    assert ours.kept_name == [1]
    assert not hasattr(ours, "not_there")
    assert not hasattr(ours, "other")


@pytest.mark.parametrize("change", ["errors", "printing"])
def test_numpys_settings_come_back(change: str) -> None:
    """Whatever an answer set."""
    before = np.geterr(), np.get_printoptions()
    ours.keep({}, ())
    if change == "errors":
        np.seterr(all="raise")
    else:
        np.set_printoptions(precision=1)
    assert (np.geterr(), np.get_printoptions()) != before
    ours.settle()
    assert (np.geterr(), np.get_printoptions()) == before


@pytest.mark.slow
def test_the_settings_of_keras_and_tensorflow_come_back() -> None:
    """Mixed precision, number types, eager functions and determinism."""
    tf = pytest.importorskip("tensorflow")
    import keras
    from tensorflow.python.framework import config as inside

    ours.keep({}, ())
    keras.mixed_precision.set_global_policy("mixed_float16")
    keras.config.set_floatx("float64")
    keras.config.set_epsilon(0.5)
    tf.config.run_functions_eagerly(True)
    tf.config.experimental.enable_op_determinism()
    ours.settle()
    assert keras.config.dtype_policy().name == "float32"
    assert keras.config.floatx() == "float32"
    assert keras.config.epsilon() == 1e-7
    assert not tf.config.functions_run_eagerly()
    assert not inside.is_op_determinism_enabled()
