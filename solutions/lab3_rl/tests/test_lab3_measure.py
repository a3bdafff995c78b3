"""The command that measures Lab 3: its bookkeeping, without its trainings."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def measure(measuring_script) -> ModuleType:
    return measuring_script("lab3_rl")


def test_every_table_has_its_place():
    """docs/lab3_rl.md has a pair of markers and a heading row for each part that writes rows."""
    page = (ROOT / "docs" / "lab3_rl.md").read_text(encoding="utf-8")
    for part in ("random", "cartpole", "pong", "sticky", "checkpoint", "notebook"):
        table = page.partition(f"<!-- {part} -->\n")[2].partition(f"<!-- end of {part} -->")[0]
        widths = {line.count("|") for line in table.splitlines()}
        assert len(table.splitlines()) >= 2, part
        assert len(widths) == 1, part


def test_a_checksum_goes_to_its_own_section(measure, tmp_path, monkeypatch):
    """`pong_player` is not `pong_player_sticky`; a name without a section is an error with the
    digest."""
    empty = 'file = "x"\nsha256 = ""\nlicence = "MIT"\n'
    listing = tmp_path / "rl" / "checksums.toml"
    listing.parent.mkdir()
    listing.write_text(f"[pong_player_sticky]\n{empty}\n[pong_player]\n{empty}", "utf-8")
    (tmp_path / "x").write_bytes(b"abc")
    monkeypatch.setattr(measure, "data_folder", lambda: tmp_path)
    measure.write_checksum("pong_player", tmp_path / "x")
    sticky, plain = listing.read_text("utf-8").split("\n\n")
    assert 'sha256 = ""' in sticky
    assert 'sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"' in plain
    with pytest.raises(ValueError, match="ba7816bf"):
        measure.write_checksum("other", tmp_path / "x")


def test_first_above(measure):
    """When the mean return was first above a limit, in thousands of decisions and minutes; NaN is
    above nothing."""
    training = measure.PongTraining(
        [1024, 2048, 3072], [10.0, 20.0, 30.0], [float("nan"), -3.0, 16.0]
    )
    assert measure.first_above(training, 0) == "3 (0.5 min)"
    assert measure.first_above(training, 17) == "never"


def test_two_trainings_of_one_brain_count_as_one(measure):
    """The decisions of the second go on where the first ended; time goes on in any case."""
    whole, clock = measure.PongTraining(), measure.Clock()
    for steps in ([10, 20], [10, 20, 30]):
        training = measure.PongTraining()
        for count in steps:
            training.steps.append(count)
            training.returns.append(-float(count))
            training.entropy.append(0.5)
            measure.add(whole, training, clock)
    assert whole.steps == [10, 20, 30, 40, 50]
    assert whole.returns == [-10, -20, -10, -20, -30]
    assert whole.seconds == sorted(whole.seconds)
    assert len(whole.entropy) == 5


def test_episodes_are_counted(measure):
    """Finished episodes of all environments are noted with their returns; an unfinished one is
    not."""
    returns: list[float] = []
    env = measure.CountedEpisodes(measure.gym.make("CartPole-v1"), returns)
    for _ in range(2):
        env.reset(seed=0)
        steps, over = 0, False
        while not over:
            _, _, terminated, truncated, _ = env.step(0)
            steps, over = steps + 1, terminated or truncated
    env.reset(seed=0)
    env.step(0)
    assert returns == [steps, steps]
