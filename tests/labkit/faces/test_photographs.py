"""Real faces, and where they come from."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.datasets import DatasetError
from labkit.faces.photographs import load_real_faces


def test_real_faces_from_scikit_image(capsys):
    """100 faces and 100 non-faces in our form, without known groups; the source is said."""
    real = load_real_faces("lfw_subset")
    assert real.images.shape == (200, 64, 64, 3)
    assert real.images.dtype == np.float32
    assert real.images.std() > 0.1
    assert real.labels.sum() == 100
    assert real.groups == {}
    assert "100 of each from scikit-image's subset of LFW" in capsys.readouterr().out


@pytest.fixture
def lfw(monkeypatch):
    """scikit-learn's loader as it answers with a cache, and without one."""
    from types import SimpleNamespace

    from sklearn import datasets

    def install(images):
        def fetch(**options):
            if images is None:
                raise OSError("Data not found and download_if_missing is False")
            return SimpleNamespace(images=images)

        monkeypatch.setattr(datasets, "fetch_lfw_people", fetch)

    return install


def test_lfw_in_the_cache_is_used(lfw):
    """ "auto" takes scikit-learn's LFW where it is, cut to a square and in colour's shape."""
    lfw(np.linspace(0, 1, 3 * 62 * 47, dtype="float32").reshape(3, 62, 47))
    real = load_real_faces(quiet=True)
    assert real.images.shape == (103, 64, 64, 3)
    assert real.labels.tolist() == [1] * 3 + [0] * 100


def test_lfw_missing(lfw):
    """Asked for, it is an error that says what to do; "auto" goes on with the subset."""
    lfw(None)
    assert load_real_faces(quiet=True).labels.sum() == 100
    with pytest.raises(DatasetError, match=r"Data not found(.|\n)*lfw_subset"):
        load_real_faces("lfw")
    with pytest.raises(ValueError, match="expected one of auto, lfw, lfw_subset"):
        load_real_faces("celeba")
