__all__ = [
    "FACE_GROUPS",
    "TRAINING_SHARES",
    "Faces",
    "LatentWalk",
    "classifier_step",
    "is_face",
    "load_faces_fixture",
    "load_real_faces",
    "make_decoder",
    "make_encoder",
    "make_test_faces",
    "make_training_faces",
    "plot_group_accuracy",
    "show_reconstructions",
    "show_sampled",
    "train_detector",
    "walk_latent",
    "wilson_interval",
]

from .detectors import classifier_step, is_face, make_decoder, make_encoder, train_detector
from .groups import plot_group_accuracy, wilson_interval
from .latent import LatentWalk, show_reconstructions, show_sampled, walk_latent
from .loading import (
    FACE_GROUPS,
    TRAINING_SHARES,
    Faces,
    load_faces_fixture,
    make_test_faces,
    make_training_faces,
)
from .photographs import load_real_faces
