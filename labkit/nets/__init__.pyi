__all__ = [
    "Flatten",
    "LastStep",
    "Tanh",
    "gradient_errors",
    "gradient_norms",
    "parameters",
    "playground",
    "plot_gradient_errors",
    "plot_gradient_norms",
    "set_parameters",
    "share_right",
    "show_weights",
    "time_steps",
    "train_network",
]

from .fitting import parameters, set_parameters, share_right, time_steps, train_network
from .gradients import gradient_errors, gradient_norms
from .layers import Flatten, LastStep, Tanh
from .pictures import plot_gradient_errors, plot_gradient_norms, show_weights
from .play.panel import playground
