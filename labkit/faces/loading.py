"""Faces and non-faces, 64×64 in colour: synthetic ones whose every property is known, and real
ones.

The synthetic faces are drawn by `labkit.faces.heads` from people whom `labkit.faces.people` invents. In the
*training* set an imbalance is planted, `TRAINING_SHARES`: nearly all faces are light and look at
the camera, while the non-faces hold as many dark things as light ones. A *test* set has the same
number of faces in every group. So a detector's bias can be made, measured against the truth, and
repaired. Nobody is shown in these pictures.

Non-faces, in equal parts: textures; balls, eggs and pots; faces cut into squares and put together
wrongly; heads seen from behind. Half of the last two are dark.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from labkit.datasets import DatasetError, data_folder, load_dataset, register_dataset
from labkit.faces.heads import SIZE, render_head
from labkit.faces.people import ATTRIBUTES, GROUPS, draw_head
from labkit.faces.textures import make_background, make_object, make_texture, scramble

__all__ = [
    "FACE_GROUPS",
    "TRAINING_SHARES",
    "Faces",
    "load_faces_fixture",
    "load_real_faces",
    "make_test_faces",
    "make_training_faces",
]

FACE_GROUPS = tuple(GROUPS)
TRAINING_SHARES = {
    "light, facing": 0.86,
    "light, turned": 0.07,
    "dark, facing": 0.05,
    "dark, turned": 0.02,
}
"""The planted imbalance: the share of each group among the faces of a training set."""

NON_FACES = ("texture", "object", "scrambled", "behind")
REAL_SOURCES = ("auto", "lfw", "lfw_subset")
FIXTURE = "faces_fixture"
FIXTURE_PER_GROUP, FIXTURE_SEED = 50, 2026


@dataclass(frozen=True)
class Faces:
    """Pictures with and without a face.

    Attributes:
        images: float32 (N, 64, 64, 3), RGB in [0, 1].
        labels: int64 (N,), 1 is a face.
        groups: name → boolean mask (N,), True for the faces of the group; no non-face is in a
            group.
        attributes: name → (N,): `kind` ("face" or what else it is), and for faces `skin_tone` (1 to
            10 on the Monk scale), `yaw`, `pitch`, `roll` and `light` in degrees, `smile` and
            `beard` from 0 to 1, `glasses`, `hair`. Numbers are NaN and texts empty where they do
            not apply.
        source: where the pictures come from, in words.
    """

    images: np.ndarray = field(repr=False)
    labels: np.ndarray = field(repr=False)
    groups: dict[str, np.ndarray] = field(repr=False)
    attributes: dict[str, np.ndarray] = field(repr=False)
    source: str

    def __len__(self) -> int:
        return len(self.labels)

    def __str__(self) -> str:
        counts = ", ".join(f"{name} {int(mask.sum()):,}" for name, mask in self.groups.items())
        faces = int(self.labels.sum())
        listed = f" ({counts})" if counts else ""
        return f"Faces: {faces:,} faces{listed} and {len(self) - faces:,} non-faces; {self.source}"

    def subset(self, chosen: Any) -> Faces:
        """The examples that `chosen`, a boolean mask (N,) or indices, selects, in its order."""
        groups = {name: mask[chosen] for name, mask in self.groups.items()}
        attributes = {name: values[chosen] for name, values in self.attributes.items()}
        return Faces(self.images[chosen], self.labels[chosen], groups, attributes, self.source)

    @property
    def faces(self) -> Faces:
        """Only the faces."""
        return self.subset(self.labels == 1)


def make_training_faces(
    n: int, seed: int, *, shares: Mapping[str, float] = TRAINING_SHARES
) -> Faces:
    """`n` pictures in random order, half of them faces, with the planted imbalance. The same seed,
    the same pictures.

    Every group has exactly its share of the faces, rounded. Takes about 10 ms per picture and core.

    Raises:
        ValueError: when `n` is not a positive even number, or the shares are not those of the four
        groups.
    """
    if n < 2 or n % 2:
        raise ValueError(f"n must be a positive even number, got {n!r}")
    if set(shares) != set(GROUPS) or abs(sum(shares.values()) - 1) > 1e-6:
        raise ValueError(
            f"shares must be given for {', '.join(GROUPS)} and sum to 1, got {dict(shares)!r}"
        )
    ends = np.round(np.cumsum([shares[group] for group in GROUPS]) * (n // 2)).astype(int)
    counts = dict(zip(GROUPS, np.diff(ends, prepend=0), strict=True))
    return _make(counts, n // 2, (seed, 1), f"synthetic, seed {seed}, with the planted imbalance")


def make_test_faces(per_group: int, seed: int) -> Faces:
    """`per_group` faces of each of the four groups and as many non-faces as faces, in random order.

    Raises:
        ValueError: when `per_group` is not positive.
    """
    if per_group < 1:
        raise ValueError(f"per_group must be positive, got {per_group!r}")
    counts = dict.fromkeys(GROUPS, per_group)
    return _make(counts, 4 * per_group, (seed, 2), f"synthetic, seed {seed}, every group alike")


def _make(
    faces_of: Mapping[str, int], non_faces: int, entropy: tuple[int, int], source: str
) -> Faces:
    what = [("face", group) for group, count in faces_of.items() for _ in range(count)]
    what += [(NON_FACES[i % 4], "dark" if i // 4 % 2 else "light") for i in range(non_faces)]
    root = np.random.SeedSequence(entropy)  # training and test sets of one seed share no picture
    order = np.random.default_rng(root.spawn(1)[0]).permutation(len(what))
    jobs = [(*what[i], child) for i, child in zip(order, root.spawn(len(what)), strict=True)]
    images = np.empty((len(jobs), SIZE, SIZE, 3), "float32")
    rows: list[dict[str, Any]] = [{}] * len(jobs)

    def draw(i: int) -> None:
        images[i], rows[i] = _draw(*jobs[i])

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # OpenCV and NumPy work without Python's lock
        list(pool.map(draw, range(len(jobs)), chunksize=16))
    kinds, groups = (np.array([job[k] for job in jobs]) for k in (0, 1))
    masks = {group: (kinds == "face") & (groups == group) for group in GROUPS}
    return Faces(
        images, (kinds == "face").astype(np.int64), masks, {"kind": kinds, **_columns(rows)}, source
    )


def _columns(rows: Iterable[Mapping[str, Any]]) -> dict[str, np.ndarray]:
    texts = ("glasses", "hair")
    rows = list(rows)
    return {
        name: np.array([row.get(name, "" if name in texts else np.nan) for row in rows])
        for name in ATTRIBUTES
    }


def _draw(kind: str, group: str, seed: np.random.SeedSequence) -> tuple[np.ndarray, dict[str, Any]]:
    rng = np.random.default_rng(seed)
    if kind in ("texture", "object"):
        return {"texture": make_texture, "object": make_object}[kind](rng, SIZE), {}
    if kind != "face":  # `group` is only "light" or "dark" here
        group = f"{group}, {rng.choice(['facing', 'turned'], p=[0.7, 0.3])}"
    head, attributes = draw_head(rng, group, away=kind == "behind")
    image = render_head(head, make_background(rng, SIZE))
    if kind == "scrambled":
        image = scramble(rng, image, int(rng.choice([2, 4])))
    image = image + rng.normal(0, 0.015, image.shape)  # the camera's noise
    return image.clip(0, 1).astype("float32"), attributes if kind == "face" else {}


def load_faces_fixture() -> Faces:
    """A few hundred synthetic pictures from `data/faces`, the same on every machine; for tests and
    first looks.

    Raises:
        DatasetError: when the file is missing or damaged.
    """
    return load_dataset(FIXTURE)


def _read_fixture(path: Path) -> Faces:
    import cv2

    with np.load(path, allow_pickle=False) as file:
        stored = {name: file[name] for name in file.files}
    ends, group = stored.pop("ends"), stored.pop("group")
    packed = np.split(stored.pop("jpeg"), ends[:-1])
    pixels: list[Any] = [cv2.imdecode(one, cv2.IMREAD_COLOR) for one in packed]
    images = np.stack(pixels)[..., ::-1].astype("float32") / 255
    groups = {name: group == name for name in GROUPS}
    return Faces(
        images,
        (stored["kind"] == "face").astype(np.int64),
        groups,
        stored,
        "synthetic, from data/faces",
    )


def write_fixture(path: Path) -> None:
    """Writes the fixture anew: a small test set as JPEG pictures (quality 92) in one .npz file,
    with its attributes."""
    import cv2

    made = make_test_faces(FIXTURE_PER_GROUP, FIXTURE_SEED)
    quality = [cv2.IMWRITE_JPEG_QUALITY, 92]
    pixels = np.round(made.images[..., ::-1] * 255).astype(np.uint8)
    packed = [cv2.imencode(".jpg", image, quality)[1].ravel() for image in pixels]
    group = np.select(list(made.groups.values()), list(made.groups), default="")
    arrays: dict[str, Any] = {
        "jpeg": np.concatenate(packed),
        "ends": np.cumsum([len(one) for one in packed]),
    }
    arrays.update(made.attributes)
    np.savez(path, group=group, **arrays)


def load_real_faces(source: str = "auto", *, quiet: bool = False) -> Faces:
    """Photographs, in grey, of faces from *Labeled Faces in the Wild* (Huang et al. 2007). No
    groups are known.

    Prints one line saying which source is in use, unless `quiet`.

    Args:
        source: "lfw_subset" (100 faces and 100 non-faces of 25×25 pixels, inside scikit-image),
            "lfw" (13,233 faces by scikit-learn's loader, from its cache or the network, with the
            same 100 non-faces), or "auto": "lfw" when it is in the cache, otherwise "lfw_subset".

    Raises:
        ValueError: for another `source`.
        DatasetError: when "lfw" is asked for and can be neither found nor fetched.
    """
    if source not in REAL_SOURCES:
        raise ValueError(f"unknown source {source!r}: expected one of {', '.join(REAL_SOURCES)}")
    from skimage.data import lfw_subset

    pictures = lfw_subset()
    faces, others, words = (
        pictures[:100],
        pictures[100:],
        "real, 100 of each from scikit-image's subset of LFW",
    )
    if source != "lfw_subset":
        try:
            faces, words = (
                _lfw(fetch=source == "lfw"),
                "real, Labeled Faces in the Wild by scikit-learn's loader",
            )
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
    """(N, h, w), in [0, 1] or up to 255, → float32 (N, 64, 64, 3): the middle square, enlarged,
    three times."""
    import cv2

    h, w = grey.shape[1:]
    side = min(h, w)
    square = grey[:, (h - side) // 2 : (h + side) // 2, (w - side) // 2 : (w + side) // 2].astype(
        "float32"
    )
    square = square / 255 if square.max() > 1.5 else square
    large = [cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC) for image in square]
    return np.repeat(np.stack(large).clip(0, 1)[..., None], 3, axis=-1)


register_dataset(FIXTURE, _read_fixture)

if __name__ == "__main__":
    target = data_folder() / "faces" / "faces_fixture.npz"
    write_fixture(target)
    print(
        f"{target.name}: {target.stat().st_size:,} bytes, sha256 {hashlib.sha256(target.read_bytes()).hexdigest()}"
    )
