"""Synthetic faces and non-faces, 64×64 in colour, whose every property is known.

The faces are drawn by `labkit.faces.heads` from people whom `labkit.faces.people` invents. In the
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
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from labkit.datasets import data_folder, load_dataset, register_dataset
from labkit.faces.heads import SIZE, render_head
from labkit.faces.people import ATTRIBUTES, GROUPS, draw_head
from labkit.faces.textures import make_background, make_object, make_texture, scramble

__all__ = [
    "FACE_GROUPS",
    "TRAINING_SHARES",
    "Faces",
    "load_faces_fixture",
    "make_test_faces",
    "make_training_faces",
]

FACE_GROUPS = tuple(GROUPS)
"""The names of the four groups: light or dark skin, facing the camera or turned away."""

TRAINING_SHARES = {
    "light, facing": 0.86,
    "light, turned": 0.07,
    "dark, facing": 0.05,
    "dark, turned": 0.02,
}
"""The planted imbalance: the fraction of each group among the faces of a training set."""

NON_FACES = ("texture", "object", "scrambled", "behind")
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
    """Pictures in random order, half of them faces, with the planted imbalance.

    Every group has exactly its fraction of the faces, rounded. Takes about 10 ms per picture and
    core.

    Args:
        n: how many pictures, an even number.
        seed: the same seed, the same pictures.
        shares: the fraction of each group; they sum to 1.

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
    # Rounded where the groups end, not one by one: the counts add up to n / 2.
    ends = np.round(np.cumsum([shares[group] for group in GROUPS]) * (n // 2)).astype(int)
    counts = dict(zip(GROUPS, np.diff(ends, prepend=0), strict=True))
    return _make(counts, n // 2, (seed, 1), f"synthetic, seed {seed}, with the planted imbalance")


def make_test_faces(per_group: int, seed: int) -> Faces:
    """As many faces of each of the four groups, and as many non-faces as faces, in random order.

    Args:
        per_group: faces of each group.
        seed: the same seed, the same pictures.

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
    # Each picture has a seed of its own, so that they can be drawn side by side in any order.
    # Training and test sets of one seed share no picture: their entropy differs.
    root = np.random.SeedSequence(entropy)
    order = np.random.default_rng(root.spawn(1)[0]).permutation(len(what))
    jobs = [(*what[i], child) for i, child in zip(order, root.spawn(len(what)), strict=True)]
    images = np.empty((len(jobs), SIZE, SIZE, 3), "float32")
    rows: list[dict[str, Any]] = [{}] * len(jobs)

    def draw(i: int) -> None:
        images[i], rows[i] = _draw(*jobs[i])

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # OpenCV and NumPy work without Python's lock
        list(pool.map(draw, range(len(jobs)), chunksize=16))
    kinds = np.array([kind for kind, _, _ in jobs])
    groups = np.array([group for _, group, _ in jobs])
    masks = {group: (kinds == "face") & (groups == group) for group in GROUPS}
    labels = (kinds == "face").astype(np.int64)
    return Faces(images, labels, masks, {"kind": kinds, **_columns(rows)}, source)


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, np.ndarray]:
    """Attribute → its values (N,); "" or NaN for pictures that do not have it."""
    columns = {}
    for name in ATTRIBUTES:
        missing = "" if name in ("glasses", "hair") else np.nan
        columns[name] = np.array([row.get(name, missing) for row in rows])
    return columns


def _draw(kind: str, group: str, seed: np.random.SeedSequence) -> tuple[np.ndarray, dict[str, Any]]:
    """One picture, and for a face its attributes."""
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
    """A few hundred synthetic pictures from `data/faces`, the same on every machine.

    Made for tests and first looks.

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
    images = np.stack(pixels)[..., ::-1].astype("float32") / 255  # OpenCV reads BGR
    groups = {name: group == name for name in GROUPS}
    labels = (stored["kind"] == "face").astype(np.int64)
    return Faces(images, labels, groups, stored, "synthetic, from data/faces")


def write_fixture(path: Path) -> None:
    """Write the fixture anew: a small test set as JPEG pictures in one .npz file."""
    import cv2

    made = make_test_faces(FIXTURE_PER_GROUP, FIXTURE_SEED)
    quality = [cv2.IMWRITE_JPEG_QUALITY, 92]
    pixels = np.round(made.images[..., ::-1] * 255).astype(np.uint8)
    packed = [cv2.imencode(".jpg", image, quality)[1].ravel() for image in pixels]
    group = np.select(list(made.groups.values()), list(made.groups), default="")
    ends = np.cumsum([len(one) for one in packed])
    arrays: dict[str, Any] = {"jpeg": np.concatenate(packed), "ends": ends, **made.attributes}
    np.savez(path, group=group, **arrays)


register_dataset(FIXTURE, _read_fixture)

if __name__ == "__main__":
    target = data_folder() / "faces" / "faces_fixture.npz"
    write_fixture(target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    print(f"{target.name}: {target.stat().st_size:,} bytes, sha256 {digest}")
