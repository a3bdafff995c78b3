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
    "confusion_matrix",
    "data_folder",
    "dataset_path",
    "describe_plot",
    "known_datasets",
    "load_dataset",
    "plot_confusion",
    "plot_group_accuracy",
    "plot_training",
    "register_dataset",
    "render_video",
    "seed_everything",
    "show",
    "show_images",
    "show_mistakes",
    "sparkline",
    "use_labkit_style",
    "when_done",
    "wilson_interval",
]

from .checking.checks import Check, CheckFailed, check
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
from .display.plots import OKABE_ITO, describe_plot, show, use_labkit_style
from .display.video import Video, render_video
from .display.vision import (
    confusion_matrix,
    plot_confusion,
    plot_group_accuracy,
    plot_training,
    show_images,
    show_mistakes,
    wilson_interval,
)
from .training.budgets import BUDGETS, Budget, choose_budget
from .training.live import LiveCurve
from .training.run import History, sparkline
from .training.seeds import seed_everything
