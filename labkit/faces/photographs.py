"""Real faces and non-faces, as photographs that other packages bring or fetch."""

from __future__ import annotations

import numpy as np

from labkit.datasets import DatasetError
from labkit.faces.heads import SIZE
from labkit.faces.loading import Faces

__all__ = ["load_real_faces"]

REAL_SOURCES = ("auto", "lfw", "lfw_subset")


def load_real_faces(source: str = "auto", *, quiet: bool = False) -> Faces:
    """Photographs, in grey, of faces from *Labeled Faces in the Wild* (Huang et al. 2007).

    No groups are known. Prints one line saying which source is in use, unless `quiet`.

    Args:
        source: "lfw_subset" (100 faces and 100 non-faces of 25×25 pixels, inside scikit-image),
            "lfw" (13,233 faces by scikit-learn's loader, from its cache or the network, with the
            same 100 non-faces), or "auto": "lfw" when it is in the cache, otherwise "lfw_subset".
        quiet: prints nothing.

    Raises:
        ValueError: for another `source`.
        DatasetError: when "lfw" is asked for and can be neither found nor fetched.
    """
    if source not in REAL_SOURCES:
        raise ValueError(f"unknown source {source!r}: expected one of {', '.join(REAL_SOURCES)}")
    from skimage.data import lfw_subset

    pictures = lfw_subset()
    faces, others = pictures[:100], pictures[100:]
    words = "real, 100 of each from scikit-image's subset of LFW"
    if source != "lfw_subset":
        try:
            faces = _lfw(fetch=source == "lfw")
            words = "real, Labeled Faces in the Wild by scikit-learn's loader"
        except DatasetError:
            if source == "lfw":
                raise
    labels = np.repeat(np.array([1, 0]), [len(faces), len(others)])
    images = np.concatenate([_as_colour(faces), _as_colour(others)])
    loaded = Faces(images, labels, {}, {"kind": np.where(labels == 1, "face", "photograph")}, words)
    if not quiet:
        print(loaded)
    return loaded


def _lfw(*, fetch: bool) -> np.ndarray:
    from sklearn.datasets import fetch_lfw_people

    try:
        return fetch_lfw_people(resize=0.5, download_if_missing=fetch).images
    except Exception as error:  # scikit-learn raises OSError, URLError and others
        raise DatasetError(
            f"Labeled Faces in the Wild could not be loaded ({error})\n"
            "  expected: scikit-learn's cache, about 200 MB, or a network\n"
            "  try:      load_real_faces('lfw_subset'), which needs neither"
        ) from error


def _as_colour(grey: np.ndarray) -> np.ndarray:
    """(N, h, w), in [0, 1] or up to 255, → float32 (N, 64, 64, 3): the middle square, enlarged."""
    import cv2

    h, w = grey.shape[1:]
    side = min(h, w)
    top, left = (h - side) // 2, (w - side) // 2
    square = grey[:, top : (h + side) // 2, left : (w + side) // 2].astype("float32")
    square = square / 255 if square.max() > 1.5 else square
    large = [cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC) for image in square]
    return np.repeat(np.stack(large).clip(0, 1)[..., None], 3, axis=-1)
