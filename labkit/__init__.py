"""The student library of the labs: checks, datasets, music, plots, budgets and seeds.

`import labkit` is cheap: it loads neither TensorFlow nor Matplotlib nor music21. Every public name
is loaded with its module when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.audio import INSTRUMENTS, render_audio, synthesize
    from labkit.budgets import BUDGETS, Budget, choose_budget
    from labkit.cartpole import CARTPOLE_RANDOM_RETURN, play_cartpole
    from labkit.checks import Check, CheckFailed, check
    from labkit.datasets import (
        Dataset,
        DatasetError,
        cache_folder,
        data_folder,
        dataset_path,
        known_datasets,
        load_dataset,
        register_dataset,
    )
    from labkit.detectors import (
        classifier_step,
        is_face,
        make_decoder,
        make_encoder,
        train_detector,
    )
    from labkit.digits import Digits, load_digits
    from labkit.faces import (
        FACE_GROUPS,
        TRAINING_SHARES,
        Faces,
        load_faces_fixture,
        load_real_faces,
        make_test_faces,
        make_training_faces,
    )
    from labkit.fast import numpy_copy
    from labkit.fitting import add_dropout, init_embeddings, live_fit
    from labkit.frames import add_probability_bars, cartpole_frames
    from labkit.latent import LatentWalk, show_reconstructions, show_sampled, walk_latent
    from labkit.live import History, LiveCurve, sparkline
    from labkit.meter import share_full_bars
    from labkit.music import (
        Note,
        Tune,
        TuneError,
        longest_copy,
        parse_tune,
        share_copied,
        share_parsed,
    )
    from labkit.ngrams import ngram_nats_per_char
    from labkit.notation import join_tunes, split_tunes
    from labkit.players import PongPlayer, load_pong_player, save_pong_player
    from labkit.plots import OKABE_ITO, describe_plot, show, use_labkit_style
    from labkit.pong import (
        PONG_ACTIONS,
        PONG_RANDOM_RETURN,
        PongFilm,
        PongGames,
        play_pong,
        random_player,
        record_pong,
    )
    from labkit.ppo import PongTraining, train_pong
    from labkit.reinforce import train_pong_reinforce
    from labkit.score import Score, render_score
    from labkit.seeds import seed_everything
    from labkit.transpose import in_other_keys, transpose_tune
    from labkit.tunes import Tunes, load_tunes
    from labkit.video import Video, render_video
    from labkit.vision import (
        confusion_matrix,
        plot_confusion,
        plot_group_accuracy,
        plot_training,
        show_images,
        show_mistakes,
        wilson_interval,
    )
    from labkit.when import when_done

__all__ = [
    "BUDGETS",
    "CARTPOLE_RANDOM_RETURN",
    "FACE_GROUPS",
    "INSTRUMENTS",
    "OKABE_ITO",
    "PONG_ACTIONS",
    "PONG_RANDOM_RETURN",
    "TRAINING_SHARES",
    "Budget",
    "Check",
    "CheckFailed",
    "Dataset",
    "DatasetError",
    "Digits",
    "Faces",
    "History",
    "LatentWalk",
    "LiveCurve",
    "Note",
    "PongFilm",
    "PongGames",
    "PongPlayer",
    "PongTraining",
    "Score",
    "Tune",
    "TuneError",
    "Tunes",
    "Video",
    "add_dropout",
    "add_probability_bars",
    "cache_folder",
    "cartpole_frames",
    "check",
    "choose_budget",
    "classifier_step",
    "confusion_matrix",
    "data_folder",
    "dataset_path",
    "describe_plot",
    "in_other_keys",
    "init_embeddings",
    "is_face",
    "join_tunes",
    "known_datasets",
    "live_fit",
    "load_dataset",
    "load_digits",
    "load_faces_fixture",
    "load_pong_player",
    "load_real_faces",
    "load_tunes",
    "longest_copy",
    "make_decoder",
    "make_encoder",
    "make_test_faces",
    "make_training_faces",
    "ngram_nats_per_char",
    "numpy_copy",
    "parse_tune",
    "play_cartpole",
    "play_pong",
    "plot_confusion",
    "plot_group_accuracy",
    "plot_training",
    "random_player",
    "record_pong",
    "register_dataset",
    "render_audio",
    "render_score",
    "render_video",
    "save_pong_player",
    "seed_everything",
    "share_copied",
    "share_full_bars",
    "share_parsed",
    "show",
    "show_images",
    "show_mistakes",
    "show_reconstructions",
    "show_sampled",
    "sparkline",
    "split_tunes",
    "synthesize",
    "train_detector",
    "train_pong",
    "train_pong_reinforce",
    "transpose_tune",
    "use_labkit_style",
    "walk_latent",
    "when_done",
    "wilson_interval",
]

_NAMES = {
    "audio": ("INSTRUMENTS", "render_audio", "synthesize"),
    "budgets": ("BUDGETS", "Budget", "choose_budget"),
    "cartpole": ("CARTPOLE_RANDOM_RETURN", "play_cartpole"),
    "checks": ("Check", "CheckFailed", "check"),
    "datasets": (
        "Dataset",
        "DatasetError",
        "cache_folder",
        "data_folder",
        "dataset_path",
        "known_datasets",
        "load_dataset",
        "register_dataset",
    ),
    "detectors": ("classifier_step", "is_face", "make_decoder", "make_encoder", "train_detector"),
    "digits": ("Digits", "load_digits"),
    "faces": (
        "FACE_GROUPS",
        "TRAINING_SHARES",
        "Faces",
        "load_faces_fixture",
        "load_real_faces",
        "make_test_faces",
        "make_training_faces",
    ),
    "fast": ("numpy_copy",),
    "fitting": ("add_dropout", "init_embeddings", "live_fit"),
    "frames": ("add_probability_bars", "cartpole_frames"),
    "latent": ("LatentWalk", "show_reconstructions", "show_sampled", "walk_latent"),
    "live": ("History", "LiveCurve", "sparkline"),
    "meter": ("share_full_bars",),
    "music": (
        "Note",
        "Tune",
        "TuneError",
        "longest_copy",
        "parse_tune",
        "share_copied",
        "share_parsed",
    ),
    "ngrams": ("ngram_nats_per_char",),
    "notation": ("join_tunes", "split_tunes"),
    "players": ("PongPlayer", "load_pong_player", "save_pong_player"),
    "plots": ("OKABE_ITO", "describe_plot", "show", "use_labkit_style"),
    "pong": (
        "PONG_ACTIONS",
        "PONG_RANDOM_RETURN",
        "PongFilm",
        "PongGames",
        "play_pong",
        "random_player",
        "record_pong",
    ),
    "ppo": ("PongTraining", "train_pong"),
    "reinforce": ("train_pong_reinforce",),
    "score": ("Score", "render_score"),
    "seeds": ("seed_everything",),
    "transpose": ("in_other_keys", "transpose_tune"),
    "tunes": ("Tunes", "load_tunes"),
    "video": ("Video", "render_video"),
    "vision": (
        "confusion_matrix",
        "plot_confusion",
        "plot_group_accuracy",
        "plot_training",
        "show_images",
        "show_mistakes",
        "wilson_interval",
    ),
    "when": ("when_done",),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Loads the module behind a public name, or a submodule, on first use."""
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _HOME:
        value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    else:
        try:
            value = importlib.import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
