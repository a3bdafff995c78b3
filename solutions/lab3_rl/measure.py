"""Measures what Lab 3 promises, with the solution's own functions, and writes the tables of
docs/lab3_rl.md.

    python solutions/lab3_rl/measure.py --part cartpole --seeds 0-9
    python solutions/lab3_rl/measure.py --part pong --seeds 0-3
    python solutions/lab3_rl/measure.py --part sticky --seeds 0,1 --plain-first
    python solutions/lab3_rl/measure.py --part checkpoint
    python solutions/lab3_rl/measure.py --part notebook --budget class

A row is written as soon as it is measured, so that Ctrl-C loses one run at most; a seed that is
measured again replaces its row. `pong` and `sticky` keep their trained policies in the cache
folder, also when they are interrupted, and `checkpoint` writes the best of them to data/rl. With
`--plain-first` the first half of a training has no sticky actions. Seconds depend on what else the
machine does, CPU minutes (all threads together) much less.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("LABKIT_PLAIN", "1")

import gymnasium as gym
import keras
import numpy as np

from autograder.authoring.solution import load_solution
from autograder.quality.measuring import parse_seeds, time_notebook, write_row
from labkit import cache_folder, data_folder, seed_everything
from labkit.rl import play_cartpole, play_pong, random_policy, save_pong_policy, train_pong
from labkit.rl.policies import POLICIES, read_policy
from labkit.rl.rollouts import WINDOW, PongTraining

LAB = "lab3_rl"
ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / f"{LAB}.md"
PARTS = ("cartpole", "pong", "sticky", "random", "checkpoint", "notebook")
STEPS = {"pong": 900_000, "sticky": 1_000_000}
MOST = 590  # seconds of one training at Pong
EARLY = 300  # seconds of training after which a policy is put aside and evaluated, too
STICKY = {"pong": 0.0, "sticky": 0.25}
SOLVED, EPISODES, MAX_EPISODES = 475, 100, 2000
GAMES = 20
SCALING = {
    "offset": 87.0,
    "scale": 60.0,
    "stride": 4,
}  # of the solution's front end; `checkpoint` verifies it


def main() -> None:
    """Reads the command line and measures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=PARTS, required=True, help="what to measure")
    parser.add_argument(
        "--seeds", type=parse_seeds, default=parse_seeds("0"), help="such as 3, 0-9 or 0,2,5"
    )
    parser.add_argument(
        "--steps", type=int, help="decisions of one Pong training (default: 900,000 or a million)"
    )
    parser.add_argument(
        "--plain-first", action="store_true", help="sticky actions in the second half only"
    )
    parser.add_argument(
        "--budget", choices=("quick", "class", "full"), default="quick", help="of `notebook`"
    )
    chosen = parser.parse_args()
    chosen.steps = chosen.steps or STEPS.get(chosen.part)
    names = load_solution(LAB) if chosen.part not in ("random", "notebook") else {}
    try:
        if chosen.part == "checkpoint":
            write_checkpoints(names)
        elif chosen.part == "random":
            measure_random()
        elif chosen.part == "notebook":
            measure_notebook(chosen.budget)
        for seed in chosen.seeds if chosen.part in ("cartpole", "pong", "sticky") else ():
            began = Clock()
            print(f"{chosen.part}, seed {seed}…", flush=True)
            row = (
                measure_cartpole(names, seed)
                if chosen.part == "cartpole"
                else measure_pong(names, seed, chosen)
            )
            write_row(PAGE, chosen.part, row)
            print(f"  {' | '.join(row)}  ({began})", flush=True)
    except KeyboardInterrupt:
        sys.exit(f"Interrupted; the rows measured so far are in {PAGE.relative_to(ROOT)}.")


class Clock:
    """Wall and CPU time since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.monotonic(), time.process_time()

    @property
    def wall(self) -> float:
        return time.monotonic() - self._wall

    @property
    def cpu(self) -> float:
        return time.process_time() - self._cpu

    def __str__(self) -> str:
        return f"{self.wall:.0f} s, {self.cpu:.0f} s of CPU"


# Cart-Pole
# ------------------------------------------------------------------------------


class CountedEpisodes(gym.Wrapper):
    """Notes the return of every finished episode in `returns`, a list that several environments
    share."""

    def __init__(self, env: gym.Env, returns: list[float]) -> None:
        super().__init__(env)
        self.returns, self._sum = returns, 0.0

    def reset(self, **options: Any) -> Any:
        self._sum = 0.0
        return self.env.reset(**options)

    def step(self, action: Any) -> Any:
        step = self.env.step(action)
        self._sum += float(step[1])
        if step[2] or step[3]:
            self.returns.append(self._sum)
        return step


def measure_cartpole(names: dict[str, Any], seed: int) -> list[str]:
    """One training: seed, solved, episodes, seconds, CPU seconds, mean return over 100 fresh
    sampled episodes."""
    returns: list[float] = []
    make = gym.make
    gym.make = lambda *args, **options: CountedEpisodes(make(*args, **options), returns)
    clock = Clock()
    try:
        brain = names["train_cartpole"](seed, MAX_EPISODES)
        wall, cpu = clock.wall, clock.cpu
    finally:
        gym.make = make
    solved = len(returns) >= EPISODES and float(np.mean(returns[-EPISODES:])) >= SOLVED
    fresh = play_cartpole(brain, EPISODES)
    return [
        str(seed),
        "yes" if solved else "no",
        str(len(returns)),
        f"{wall:.1f}",
        f"{cpu:.1f}",
        f"{np.mean(fresh):.1f}",
    ]


# Pong
# ------------------------------------------------------------------------------


def measure_pong(names: dict[str, Any], seed: int, chosen: argparse.Namespace) -> list[str]:
    """One training and its evaluation; the policy is kept in the cache folder.

    The row: seed, thousands of steps, minutes, CPU minutes, thousands of steps and minutes until
    the training mean is > 0 and > 15, and the mean return over 20 fresh games: sampled with the
    averaged weights of minute 5; and with those of the end sampled, greedy, and sampled in the
    other setting.
    """
    sticky = STICKY[chosen.part]
    other = STICKY["pong" if chosen.part == "sticky" else "sticky"]
    settings = [0.0, sticky] if chosen.plain_first else [sticky]
    seed_everything(seed)
    brain = names["make_brain"](names["make_pong_front_end"](), 2)
    clock, early, whole = Clock(), [], PongTraining()

    def watch(training: PongTraining) -> None:
        add(whole, training, clock)
        if not early and whole.seconds[-1] >= EARLY:
            early.extend(training.weights)
        if len(whole.steps) % 50 == 0:
            state = f"mean {whole.returns[-1]:+.1f}, entropy {whole.entropy[-1]:.2f}"
            print(f"  {whole.steps[-1]:,} steps, {state} ({clock})", flush=True)

    functions = {name: names[name] for name in ("choose_action", "gae", "ppo_loss")}
    limits = {"steps": chosen.steps // len(settings), "seconds": MOST / len(settings)}
    for setting in settings:
        training = train_pong(
            brain, **functions, seed=seed, **limits, sticky=setting, on_update=watch
        )
        if training.interrupted:
            break
    wall, record = clock.wall, training_record(chosen, seed, whole, training.interrupted, clock)
    keep(brain, sticky, record)
    if training.interrupted:
        raise KeyboardInterrupt
    scores = {
        "sampled": play_pong(brain, GAMES, sticky=sticky),
        "greedy": play_pong(brain, GAMES, sticky=sticky, greedy=True),
        "other": play_pong(brain, GAMES, sticky=other),
    }
    keep(
        brain,
        sticky,
        record
        | {f"{name}_mean_of_{GAMES}_games": scores[name].mean() for name in ("sampled", "greedy")},
    )
    if early:
        brain.set_weights(early)
    at_minute_5 = play_pong(brain, GAMES, sticky=sticky) if early else scores["sampled"]
    return [
        str(seed),
        str(whole.steps[-1] // 1000),
        f"{wall / 60:.1f}",
        f"{record['cpu_minutes']}",
        *(first_above(whole, limit) for limit in (0, 15)),
        *(f"{returns.mean():+.1f}" for returns in (at_minute_5, *scores.values())),
    ]


def add(whole: PongTraining, training: PongTraining, clock: Clock) -> None:
    """Appends the last update of a training, which may be the second of two with one brain."""
    before = len(whole.steps) - len(training.steps) + 1
    whole.steps.append(training.steps[-1] + (whole.steps[before - 1] if before else 0))
    whole.seconds.append(clock.wall)
    whole.returns.append(training.returns[-1])
    whole.entropy.append(training.entropy[-1])


def first_above(training: PongTraining, limit: float) -> str:
    """Thousands of steps, and minutes, after which the mean return of the last 20 games is first
    above the limit."""
    rows = zip(training.steps, training.seconds, training.returns, strict=True)
    above = [
        f"{steps // 1000} ({seconds / 60:.1f} min)" for steps, seconds, mean in rows if mean > limit
    ]
    return above[0] if above else "never"


def measure_random() -> None:
    """The mean return of random play over 100 games, in both settings."""
    for sticky in STICKY.values():
        returns = play_pong(random_policy, 100, sticky=sticky)
        write_row(
            PAGE,
            "random",
            [f"{sticky:g}", f"{returns.mean():+.2f}", f"{returns.std(ddof=1) / 10:.2f}"],
        )


def measure_notebook(budget: str) -> None:
    """How long the filled notebook takes, after its imports, and how much of it goes into training
    at Pong."""
    found, cells = time_notebook(LAB, budget)
    slowest = "; ".join(f"{seconds:.0f} s" for seconds, _ in found["slowest_cells"])
    training = sum(
        c.seconds for c in cells if "train_pong" in c.source and "import" not in c.source
    )
    numbers = [found["after_imports"], training, found["cpu_seconds"]]
    write_row(
        PAGE,
        "notebook",
        [budget, str(found["cores"]), *(f"{number:.0f}" for number in numbers), slowest],
    )


# The checkpoint
# ------------------------------------------------------------------------------


def kept(sticky: float, seed: int) -> Path:
    """Where the policy of one training is kept."""
    return cache_folder() / LAB / f"{POLICIES[sticky]}_{seed}.npz"


def training_record(
    chosen: argparse.Namespace, seed: int, whole: PongTraining, interrupted: bool, clock: Clock
) -> dict[str, Any]:
    """What the file of a policy says about its training."""
    options = f"--part {chosen.part} --seeds {seed} --steps {chosen.steps}"
    options += " --plain-first" if chosen.plain_first else ""
    return {
        "command": f"python solutions/{LAB}/measure.py {options}{' --plain-first' if chosen.plain_first else ''}",
        "seed": seed,
        "sticky": STICKY[chosen.part],
        "interrupted": interrupted,
        "steps": whole.steps[-1],
        f"training_mean_of_{WINDOW}_games": whole.returns[-1],
        "cpu_minutes": round(clock.cpu / 60, 1),
    }


def keep(brain: Any, sticky: float, record: dict[str, Any]) -> None:
    """Saves a trained policy with the record of its training."""
    path = kept(sticky, record["seed"])
    path.parent.mkdir(parents=True, exist_ok=True)
    save_pong_policy(path, brain.get_weights(), record=record, **SCALING)


def write_checkpoints(names: dict[str, Any]) -> None:
    """Copies the best kept policy of each setting to data/rl, after comparing it with the
    solution's brain."""
    for sticky, name in POLICIES.items():
        files = sorted(kept(sticky, 0).parent.glob(f"{POLICIES[sticky]}_[0-9]*.npz"))
        if not files:
            print(
                f"no policy with sticky = {sticky:g} is kept: "
                f"run --part {'sticky' if sticky else 'pong'} first"
            )
            continue
        best = max(files, key=quality)
        verify_policy(names, best)
        target = data_folder() / "rl" / f"{name}.npz"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(best.read_bytes())
        write_checksum(name, target)
        returns = play_pong(read_policy(target), GAMES, sticky=sticky, seed=5)
        write_row(PAGE, "checkpoint", checkpoint_row(target, sticky, returns))
        print(
            f"{target.relative_to(ROOT)}: {target.stat().st_size:,} bytes, {returns.mean():+.1f}",
            flush=True,
        )


def quality(path: Path) -> float:
    """How well a kept policy played: in fresh games, or in its training when that was
    interrupted."""
    record = read_policy(path).record
    return float(
        record.get(f"sampled_mean_of_{GAMES}_games", record[f"training_mean_of_{WINDOW}_games"])
    )


def checkpoint_row(path: Path, sticky: float, returns: np.ndarray) -> list[str]:
    """File, setting, seed, decisions trained, kilobytes, mean and range over 20 more games, which
    chose nothing."""
    record = read_policy(path).record
    spread = f"{returns.mean():+.1f} ({returns.min():+.0f} to {returns.max():+.0f})"
    size = f"{path.stat().st_size / 1000:.0f}"
    return [
        path.name,
        f"{sticky:g}",
        str(record["seed"]),
        f"{record['steps']:,}",
        size,
        spread,
    ]


def verify_policy(names: dict[str, Any], path: Path) -> None:
    """The policy computes what the solution's brain computes with the same weights."""
    policy = read_policy(path)
    brain = names["make_brain"](names["make_pong_front_end"](), 2)
    observations = np.random.default_rng(0).integers(0, 256, (8, 32, 40, 2)).astype(np.uint8)
    brain(observations)
    brain.set_weights(list(policy.weights.values()))
    for got, expected in zip(policy(observations), brain(observations), strict=True):
        np.testing.assert_allclose(got, keras.ops.convert_to_numpy(expected), rtol=1e-3, atol=1e-3)


def write_checksum(name: str, path: Path) -> None:
    """Puts the digest of the file into data/rl/checksums.toml."""
    listing = data_folder() / "rl" / "checksums.toml"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    pattern = rf'(\[{name}\]\n(?:(?!\[).*\n)*?sha256 = ")[0-9a-f]*'
    text, count = re.subn(pattern, rf"\g<1>{digest}", listing.read_text(encoding="utf-8"))
    if not count:
        raise ValueError(f"data/rl/checksums.toml has no section [{name}]; its sha256 is {digest}")
    listing.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
