"""Reinforcement learning: the worlds of Cart-Pole and Pong, policies, films and trainings."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
