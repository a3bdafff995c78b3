"""Measures what Lab 2 promises, with the solution's own functions, and writes the tables of
docs/lab2_vision.md.

    python solutions/lab2_vision/measure.py                             everything, seeds 10 to 14
    python solutions/lab2_vision/measure.py --part faces --seeds 5-14   ten trainings of each detector
    python solutions/lab2_vision/measure.py --part digits --budget quick

Every result is kept in solutions/lab2_vision/measured.json as soon as it is there: after Ctrl-C,
the same command goes on where it stopped. A result is measured again only with --again, or when its
settings have changed. MNIST is measured where Keras has it in its cache. Seconds depend on what
else the machine does, CPU seconds (all threads together) much less.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("LABKIT_PLAIN", "1")

import numpy as np

from autograder.quality.measuring import parse_seeds, table_of, time_notebook, write_table

LAB = "lab2_vision"
ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / f"{LAB}.md"
STORE = Path(__file__).with_name("measured.json")
SHEET = ROOT / "docs" / "images" / f"{LAB}_faces.jpg"
PARTS = ("digits", "faces", "notebook")
DETECTORS = ("standard", "unweighted", "debiased")
TRAIN_SEED, TEST_SEED = 7000, 9000  # of the pictures; no other program here uses these
TEST_FACES = 200  # of each group
TRAINING = {
    "latent_dim": 4,
    "batch_size": 32,
    "learning_rate": 1e-3,
    "schedule": "cosine",
    "smoothing_fac": 0.001,
}  # as in the notebook


def main() -> None:
    """Reads the command line, measures what is missing, and writes the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--part", choices=PARTS, action="append", help="what to measure (default: everything)"
    )
    parser.add_argument(
        "--seeds", type=parse_seeds, default=parse_seeds("10-14"), help="such as 3, 0-9 or 0,2,5"
    )
    parser.add_argument("--budget", choices=("quick", "class", "full"), default="class")
    parser.add_argument(
        "--detectors", nargs="+", choices=DETECTORS, default=DETECTORS, help="which detectors"
    )
    parser.add_argument(
        "--pictures", type=int, help="to train the face detectors (default: the budget's)"
    )
    parser.add_argument("--epochs", type=int, help="of the face detectors (default: the budget's)")
    parser.add_argument("--again", action="store_true", help="measure what is already known, too")
    parser.add_argument(
        "--page", action="store_true", help="only write the page and its picture anew"
    )
    chosen = parser.parse_args()
    try:
        if chosen.page:
            draw_sheet()
        for part in () if chosen.page else chosen.part or PARTS:
            {"digits": measure_digits, "faces": measure_faces, "notebook": measure_notebook}[part](
                chosen
            )
    except KeyboardInterrupt:
        sys.exit(f"Interrupted; what was measured so far is in {STORE.relative_to(ROOT)}.")
    finally:
        write_page()


# What is known
# ------------------------------------------------------------------------------


def read_store() -> dict[str, dict[str, Any]]:
    """Key of a measurement → its result."""
    return json.loads(STORE.read_text(encoding="utf-8")) if STORE.is_file() else {}


def measured(
    key: str, settings: dict[str, Any], measure: Callable[[], dict[str, Any]], again: bool
) -> None:
    """Runs `measure` unless the store has a result with these settings, and keeps what it returns,
    with its times."""
    old = read_store().get(key)
    if old and old["settings"] == settings and not again:
        print(f"{key}: known", flush=True)
        return
    print(f"{key}…", flush=True)
    wall, cpu = time.monotonic(), time.process_time()
    result = measure()
    times = {
        "seconds": round(time.monotonic() - wall, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
    }
    result = {"settings": settings, **times, **result}
    keep(key, result)
    shown = {name: value for name, value in result.items() if name != "settings"}
    print(f"  {json.dumps(shown)}", flush=True)


def keep(key: str, result: dict[str, Any]) -> None:
    """Adds a result to the store. Several processes may measure at once: one after the other
    writes."""
    lock = STORE.with_suffix(".lock")
    while True:
        try:
            lock.open("x").close()
            break
        except FileExistsError:
            time.sleep(0.2)
    try:
        draft = STORE.with_suffix(".part")
        everything = dict(sorted({**read_store(), key: result}.items()))
        draft.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")
        draft.replace(STORE)
    finally:
        lock.unlink()


def solution(budget: str) -> dict[str, Any]:
    """The names of the solution notebook under a budget."""
    from autograder.authoring.solution import load_solution

    os.environ["LABKIT_BUDGET"] = budget
    return load_solution(LAB)


# Digits
# ------------------------------------------------------------------------------


def measure_digits(chosen: argparse.Namespace) -> None:
    """Held-out accuracy of both networks, trained with `fit_digits`, on the fixture and, where it
    is, on MNIST."""
    from labkit.digits import load_digits
    from labkit.digits.loading import mnist_path

    names = solution(chosen.budget)
    for source in ("fixture", "mnist"):
        if source == "mnist" and not mnist_path().is_file():
            print(f"MNIST is not measured: {mnist_path()} is not there.")
            continue
        digits = load_digits(source, n_train=names["budget"].digits, quiet=True)
        epochs = (
            names["budget"].digit_epochs if source == "fixture" else names["budget"].mnist_epochs
        )
        for network in ("fc", "cnn"):
            for seed in chosen.seeds:
                key = f"digits {chosen.budget} {source} {network} {seed}"
                run = partial(digits_accuracy, names, digits, network, epochs, seed)
                measured(key, {"epochs": epochs}, run, chosen.again)


def digits_accuracy(
    names: dict[str, Any], digits: Any, network: str, epochs: int, seed: int
) -> dict[str, Any]:
    """One training; the accuracy on the held-out digits."""
    import keras

    keras.utils.set_random_seed(seed)
    model = names[f"build_{network}_model"]()
    names["fit_digits"](model, digits.train_images, digits.train_labels, epochs, seed)
    labels, _ = names["predict_digits"](model, digits.test_images)
    right = np.asarray(labels) == digits.test_labels
    return {
        "accuracy": float(np.mean(right)),
        "held_out": len(right),
        "parameters": model.count_params(),
    }


# Faces
# ------------------------------------------------------------------------------


def measure_faces(chosen: argparse.Namespace) -> None:
    """Three detectors for each seed: fresh training pictures, fresh test pictures, one training
    each."""
    from labkit.faces import TRAINING_SHARES

    names = solution(chosen.budget)
    budget = names["budget"]
    settings = {
        name: getattr(chosen, name) or getattr(budget, name) for name in ("pictures", "epochs")
    } | TRAINING
    settings |= {"test_faces": TEST_FACES, "shares": dict(TRAINING_SHARES)}
    for seed in chosen.seeds:
        pictures = Pictures(settings["pictures"], seed)
        for detector in chosen.detectors:
            key = f"faces {chosen.budget} {detector} {seed}"
            measured(
                key,
                settings,
                partial(detect, names, settings, detector, pictures, seed),
                chosen.again,
            )


class Pictures:
    """The training and test pictures of one seed, drawn when they are first needed."""

    def __init__(self, pictures: int, seed: int) -> None:
        self._size, self._seed, self._made = pictures, seed, None

    def __call__(self) -> Any:
        from labkit.faces import make_test_faces, make_training_faces

        if self._made is None:
            print("  drawing pictures…", flush=True)
            training = make_training_faces(self._size, TRAIN_SEED + self._seed)
            self._made = training, make_test_faces(TEST_FACES, TEST_SEED + self._seed)
        return self._made


def detect(
    names: dict[str, Any], settings: dict[str, Any], detector: str, pictures: Pictures, seed: int
) -> dict[str, Any]:
    """Trains one detector and measures it on the test pictures.

    "standard" is the plain classifier, "debiased" the DB-VAE with adaptive resampling, "unweighted"
    the DB-VAE that draws all faces alike: it tells what the resampling adds to the VAE.
    """
    from labkit.faces import classifier_step, make_encoder, train_detector
    from labkit import seed_everything

    training, test = pictures()
    options: dict[str, Any] = {
        name: settings[name] for name in ("epochs", "batch_size", "learning_rate")
    }
    seed_everything(seed)
    if detector == "standard":
        model, step, weigh = make_encoder(1), classifier_step, None
        logits = model
    else:
        model, step = names["DB_VAE"](settings["latent_dim"]), names["debiasing_train_step"]
        weigh = (
            rareness(names, model, settings["smoothing_fac"]) if detector == "debiased" else None
        )
        logits = model.predict
    began = time.process_time()
    train_detector(model, step, training, seed=seed, face_probabilities=weigh, **options)
    trained = round(time.process_time() - began, 1)
    values = np.concatenate(
        [np.ravel(logits(test.images[i : i + 256])) for i in range(0, len(test), 256)]
    )
    return {"training_cpu_seconds": trained, **judge(names, test, values)}


def rareness(
    names: dict[str, Any], model: Any, smoothing_fac: float
) -> Callable[[np.ndarray], Any]:
    """From the training faces to the probabilities with which they are drawn."""

    def probabilities(images: np.ndarray) -> Any:
        mu = np.concatenate(
            [np.asarray(model.encode(images[i : i + 256])[1]) for i in range(0, len(images), 256)]
        )
        return names["get_training_sample_probabilities"](mu, smoothing_fac=smoothing_fac)

    return probabilities


def judge(names: dict[str, Any], test: Any, logits: np.ndarray) -> dict[str, Any]:
    """Accuracy for each group, for the non-faces, and of all; and the groups' accuracy at a common
    false-alarm rate.

    At the threshold 0 a detector can buy accuracy on faces with false alarms. `at_5_percent` takes
    for each detector the threshold at which 5 % of the test's non-faces raise a false alarm.
    """
    groups = {**test.groups, "no face": test.labels == 0}
    accuracy = names["accuracy_by_group"](test.labels, (logits > 0).astype(int), groups)
    threshold = np.quantile(logits[test.labels == 0], 0.95)
    strict = names["accuracy_by_group"](test.labels, (logits > threshold).astype(int), test.groups)
    return {
        "accuracy": {name: float(value) for name, value in accuracy.items()},
        "at_5_percent": {name: float(value) for name, value in strict.items()},
        "overall": float(np.mean((logits > 0) == (test.labels == 1))),
    }


# The notebook
# ------------------------------------------------------------------------------


def measure_notebook(chosen: argparse.Namespace) -> None:
    """How long the filled notebook takes from the first cell to the last, all cells, once; after
    its imports."""
    settings = {"budget": chosen.budget, "cores": len(os.sched_getaffinity(0))}
    measured(
        f"notebook {chosen.budget}",
        settings,
        lambda: time_notebook(LAB, chosen.budget)[0],
        chosen.again,
    )


# The page
# ------------------------------------------------------------------------------


def write_page() -> None:
    """Puts the tables of everything that is known between the markers of the page."""
    store = read_store()
    for name, table in (
        ("digits", digits_table(store)),
        ("faces", faces_table(store)),
        ("seeds", seeds_table(store)),
        ("times", times_table(store)),
    ):
        write_table(PAGE, name, table)


def draw_sheet() -> None:
    """The first twelve pictures of each group, and of each kind of non-face, of the fixture in
    data/faces."""
    import cv2

    from labkit.faces import load_faces_fixture

    fixture = load_faces_fixture()
    kinds = fixture.attributes["kind"]
    masks = [
        *fixture.groups.values(),
        *(kinds == kind for kind in ("behind", "scrambled", "object", "texture")),
    ]
    lines = [np.hstack(fixture.images[mask][:12]) for mask in masks]
    pixels = np.round(np.vstack(lines)[..., ::-1] * 255).astype(np.uint8)  # OpenCV writes BGR
    SHEET.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(SHEET), pixels, [cv2.IMWRITE_JPEG_QUALITY, 88])


def grouped(store: dict[str, Any], part: str, cut: int) -> dict[tuple[str, ...], list[Any]]:
    """The results of one part by the first words of their keys."""
    found: dict[tuple[str, ...], list[Any]] = {}
    for key, result in store.items():
        if key.split()[0] == part:
            found.setdefault(tuple(key.split()[1:cut]), []).append(result)
    return found


def digits_table(store: dict[str, Any]) -> list[str]:
    """One row for each budget, source and network."""
    lines = []
    for (budget, source, network), results in sorted(grouped(store, "digits", 4).items()):
        values = [result["accuracy"] for result in results]
        row = [
            budget,
            source,
            {"fc": "dense", "cnn": "convolutional"}[network],
            f"{results[0]['parameters']:,}",
        ]
        row += [f"{results[0]['settings']['epochs']}", f"{len(values)}", f"{np.mean(values):.2%}"]
        lines.append(
            [
                *row,
                f"{min(values):.2%} to {max(values):.2%}",
                f"{np.mean([r['cpu_seconds'] for r in results]):.0f}",
            ]
        )
    return table_of(
        "| budget | data | network | parameters | epochs | seeds | held out | lowest to highest | CPU seconds |",
        lines,
    )


def spread(values: list[float]) -> str:
    """Mean and 95 % interval over seeds, by Student's t."""
    from scipy import stats

    mean = float(np.mean(values))
    if len(values) < 2:
        return f"{mean:.1%}"
    half = stats.t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values))
    return f"{mean:.1%} ± {100 * half:.1f}"


def gap(accuracy: dict[str, float]) -> float:
    """Best minus worst group of faces."""
    values = [value for name, value in accuracy.items() if name != "no face"]
    return max(values) - min(values)


def face_mean(accuracy: dict[str, float]) -> float:
    """Mean over the groups of faces, each counting the same."""
    return float(np.mean([value for name, value in accuracy.items() if name != "no face"]))


def faces_table(store: dict[str, Any]) -> list[str]:
    """Rows are what is measured, columns the detectors, for each budget."""
    found, lines = grouped(store, "faces", 3), []
    for budget in sorted({key[0] for key in found}):
        results = [found.get((budget, detector), []) for detector in DETECTORS]
        present = next(result for result in results if result)
        measures: dict[str, Callable[[Any], float]] = {
            **{name: (lambda r, name=name: r["accuracy"][name]) for name in present[0]["accuracy"]},
            "**gap, best to worst group of faces**": lambda r: gap(r["accuracy"]),
            "mean over the groups of faces": lambda r: face_mean(r["accuracy"]),
            "**all test pictures**": lambda r: r["overall"],
            "gap at 5 % false alarms": lambda r: gap(r["at_5_percent"]),
            "mean over the groups at 5 % false alarms": lambda r: face_mean(r["at_5_percent"]),
        }
        count = str(min(len(result) for result in results if result))
        for name, measure in measures.items():
            cells = [
                spread([measure(one) for one in result]) if result else "" for result in results
            ]
            lines.append([budget, count, name, *cells])
        seconds = [
            f"{np.mean([r['training_cpu_seconds'] for r in result]):.0f}" if result else ""
            for result in results
        ]
        lines.append([budget, count, "CPU seconds of one training", *seconds])
    table = table_of(
        "| budget | seeds | | standard | DB-VAE, all faces drawn alike | DB-VAE, resampled |", lines
    )
    return [*table, "", *settings_lines(found)]


def settings_lines(found: dict[tuple[str, ...], list[Any]]) -> list[str]:
    """One sentence for each budget: the settings of its trainings."""
    texts = {}
    for (budget, _), results in found.items():
        for result in results:
            settings = {
                name: value for name, value in result["settings"].items() if name != "shares"
            }
            texts[budget] = ", ".join(
                f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}"
                for name, value in settings.items()
            )
    return [f"Settings of `{budget}`: {text}." for budget, text in sorted(texts.items())]


def seeds_table(store: dict[str, Any]) -> list[str]:
    """One row for each seed: gap and accuracy before and after."""
    lines = []
    for key, before in store.items():
        part, budget, *rest = key.split()
        if (
            part == "faces"
            and rest[0] == "standard"
            and (after := store.get(f"faces {budget} debiased {rest[1]}"))
        ):
            gaps = [gap(one["accuracy"]) for one in (before, after)]
            row = [budget, rest[1], f"{gaps[0]:.1%}", f"{gaps[1]:.1%}", f"{gaps[1] / gaps[0]:.2f}"]
            lines.append([*row, f"{before['overall']:.1%}", f"{after['overall']:.1%}"])
    lines.sort(key=lambda line: (line[0], int(line[1])))
    return table_of(
        "| budget | seed | gap before | gap after | ratio | all pictures before | all pictures after |",
        lines,
    )


def times_table(store: dict[str, Any]) -> list[str]:
    """One row for each budget."""
    lines = []
    for (budget,), (result,) in sorted(grouped(store, "notebook", 2).items()):
        slowest = "; ".join(f"{seconds:.0f} s" for seconds, _ in result["slowest_cells"])
        row = [
            budget,
            str(result["settings"]["cores"]),
            f"{result['after_imports']:.0f}",
            f"{result['cpu_seconds']:.0f}",
        ]
        lines.append([*row, slowest])
    return table_of(
        "| budget | cores | seconds after the imports | CPU seconds | the slowest cells |", lines
    )


if __name__ == "__main__":
    main()
