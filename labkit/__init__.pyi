__all__ = [
    "BUDGETS",
    "OKABE_ITO",
    "Budget",
    "Check",
    "CheckFailed",
    "Dataset",
    "DatasetError",
    "History",
    "LiveCurve",
    "Video",
    "cache_folder",
    "check",
    "choose_budget",
    "data_folder",
    "dataset_path",
    "describe_plot",
    "hand_in",
    "known_datasets",
    "load_dataset",
    "plot_training",
    "progress",
    "register_dataset",
    "render_video",
    "seed_everything",
    "show",
    "show_images",
    "sparkline",
    "use_labkit_style",
    "when_done",
]

from .checking.checks import Check, CheckFailed, check
from .checking.hand_in import hand_in
from .checking.progress import progress
from .checking.when import when_done
from .datasets import (
    Dataset,
    DatasetError,
    cache_folder,
    data_folder,
    dataset_path,
    known_datasets,
    load_dataset,
    register_dataset,
)
from .display.pictures import plot_training, show_images
from .display.plots import OKABE_ITO, describe_plot, show, use_labkit_style
from .display.video import Video, render_video
from .training.budgets import BUDGETS, Budget, choose_budget
from .training.live import LiveCurve
from .training.run import History, sparkline
from .training.seeds import seed_everything
