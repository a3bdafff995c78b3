"""The probes as one package: its public names, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

from labkit import probes


def test_public_names_are_those_of_the_package():
    """A hidden test imports from `labkit.probes`, whatever module a name lives in."""
    assert sorted(probes.__all__) == probes.__all__
    for name in probes.__all__:
        assert hasattr(probes, name)


def test_probes_load_no_heavy_library():
    """The fork server of a NumPy-only lab imports probes and does not pay for TensorFlow."""
    heavy = ("tensorflow", "keras", "matplotlib", "IPython", "scipy")
    code = f"import sys, labkit.probes; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
