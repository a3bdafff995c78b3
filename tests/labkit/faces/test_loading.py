"""Synthetic faces: the planted imbalance, known groups, repeatable pictures."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.faces import loading as module
from labkit.faces.loading import (
    FACE_GROUPS,
    TRAINING_SHARES,
    load_faces_fixture,
    make_test_faces,
    make_training_faces,
    write_fixture,
)


@pytest.fixture(scope="module")
def training():
    return make_training_faces(120, seed=5)


@pytest.fixture(scope="module")
def fixture():
    return load_faces_fixture()


def test_a_training_set_has_the_planted_imbalance(training):
    """Half faces; each group has its share of them, and no non-face is in a group."""
    assert training.images.shape == (120, 64, 64, 3)
    assert training.images.dtype == np.float32
    assert training.images.min() >= 0
    assert training.images.max() <= 1
    assert training.labels.sum() == 60
    for group in FACE_GROUPS:
        assert abs(training.groups[group].sum() - 60 * TRAINING_SHARES[group]) <= 1
    assert np.array_equal(np.sum(list(training.groups.values()), axis=0), training.labels)
    assert not np.array_equal(training.labels, np.sort(training.labels)[::-1])  # shuffled


def test_a_test_set_has_every_group_alike():
    """As many faces of each group, as many non-faces as faces, the four kinds of non-faces
    alike."""
    test = make_test_faces(4, seed=6)
    assert [mask.sum() for mask in test.groups.values()] == [4, 4, 4, 4]
    kinds, counts = np.unique(test.attributes["kind"], return_counts=True)
    assert dict(zip(kinds.tolist(), counts.tolist(), strict=True)) == {
        "behind": 4,
        "face": 16,
        "object": 4,
        "scrambled": 4,
        "texture": 4,
    }


def test_groups_follow_from_the_attributes(fixture):
    """Light is tone 1 to 5, dark 7 to 10; facing is at most 22 degrees, turned at least 42."""
    tone, yaw = fixture.attributes["skin_tone"], np.abs(fixture.attributes["yaw"])
    face = fixture.labels == 1
    dark = fixture.groups["dark, facing"] | fixture.groups["dark, turned"]
    turned = fixture.groups["light, turned"] | fixture.groups["dark, turned"]
    np.testing.assert_array_equal(dark[face], tone[face] >= 7)
    np.testing.assert_array_equal(turned[face], yaw[face] >= 42)
    assert np.isnan(tone[~face]).all()
    assert tone[face & ~dark].max() <= 5
    assert yaw[face & ~turned].max() <= 22


def test_dark_faces_are_darker_in_the_picture(fixture):
    """The colour of the middle of the face follows the tone, over all lights and poses."""
    middle = fixture.images[:, 26:40, 26:38].mean((1, 2, 3))
    tone = fixture.attributes["skin_tone"]
    face = fixture.labels == 1
    assert np.corrcoef(middle[face], tone[face])[0, 1] < -0.85


def test_a_turned_head_is_seen_turned():
    """Two pictures of one head with yaw and −yaw in even light are mirror images."""
    from dataclasses import replace

    from labkit.faces.heads import render_head
    from labkit.faces.people import draw_head

    head, _ = draw_head(np.random.default_rng(2), "light, turned")
    head = replace(
        head,
        roll=0.0,
        light=np.array([0, -0.3, 1.0]),
        centre=(0.5, 0.5),
        eyes=head.eyes,
        hair_length="none",
        glasses="dark",
    )
    background = np.full((64, 64, 3), 0.4, "float32")
    left, right = (render_head(replace(head, yaw=yaw), background) for yaw in (-50.0, 50.0))
    assert np.abs(left - right[:, ::-1]).mean() < 0.01
    assert np.abs(left - right).mean() > 0.03


def test_the_same_seed_gives_the_same_pictures(training):
    """Pictures and attributes repeat for a seed, whatever the number of threads, and differ for
    another."""
    again, other = make_training_faces(120, seed=5), make_training_faces(120, seed=7)
    np.testing.assert_array_equal(training.images, again.images)
    np.testing.assert_array_equal(training.attributes["yaw"], again.attributes["yaw"])
    assert not np.array_equal(training.images, other.images)


def test_training_and_test_pictures_differ_for_one_seed(training):
    """No picture of the training set is in a test set with the same seed."""
    test = make_test_faces(5, seed=5)
    seen = {image.tobytes() for image in training.images}
    assert not any(image.tobytes() in seen for image in test.images)


def test_other_shares():
    """The imbalance can be chosen; shares that are no shares are refused."""
    even = make_training_faces(16, seed=1, shares=dict.fromkeys(FACE_GROUPS, 0.25))
    assert [mask.sum() for mask in even.groups.values()] == [2, 2, 2, 2]
    with pytest.raises(ValueError, match="sum to 1"):
        make_training_faces(16, seed=1, shares=dict.fromkeys(FACE_GROUPS, 0.5))
    with pytest.raises(ValueError, match="even number, got 7"):
        make_training_faces(7, seed=1)
    with pytest.raises(ValueError, match="per_group must be positive"):
        make_test_faces(0, seed=1)


def test_a_subset_keeps_everything_together(fixture):
    """Masks, attributes and images are chosen alike; `faces` are the faces."""
    chosen = fixture.subset(np.array([3, 1]))
    np.testing.assert_array_equal(chosen.images, fixture.images[[3, 1]])
    assert all(len(values) == 2 for values in {**chosen.groups, **chosen.attributes}.values())
    assert len(fixture.faces) == 200
    assert fixture.faces.labels.all()


def test_the_fixture_says_what_it_is(fixture):
    """400 pictures, four groups of 50."""
    assert fixture.images.shape == (400, 64, 64, 3)
    assert (
        "200 faces (light, facing 50, light, turned 50, dark, facing 50, dark, turned 50)"
        in str(fixture)
    )


def test_the_fixture_can_be_written_anew(tmp_path, monkeypatch):
    """What is written is what is read, up to JPEG's loss."""
    monkeypatch.setattr(module, "FIXTURE_PER_GROUP", 2)
    write_fixture(tmp_path / "small.npz")
    read, made = (
        module._read_fixture(tmp_path / "small.npz"),
        make_test_faces(2, module.FIXTURE_SEED),
    )
    assert np.abs(read.images - made.images).mean() < 0.03
    np.testing.assert_array_equal(read.labels, made.labels)
    for name in FACE_GROUPS:
        np.testing.assert_array_equal(read.groups[name], made.groups[name])
    for name, values in made.attributes.items():
        np.testing.assert_array_equal(read.attributes[name], values)


def test_scrambling_moves_every_square():
    """All squares are there, none in its place."""
    from labkit.faces.textures import scramble

    image = np.arange(64 * 64 * 3, dtype="float32").reshape(64, 64, 3)
    for blocks in (2, 4):
        moved = scramble(np.random.default_rng(1), image, blocks)
        np.testing.assert_array_equal(np.sort(moved, axis=None), np.sort(image, axis=None))
        side = 64 // blocks
        same = (moved == image).reshape(blocks, side, blocks, side, 3).all((1, 3, 4))
        assert not same.any()
