__all__ = [
    "CARTPOLE_RANDOM_RETURN",
    "PONG_ACTIONS",
    "PONG_RANDOM_RETURN",
    "PongFilm",
    "PongGames",
    "PongPolicy",
    "PongTraining",
    "add_probability_bars",
    "cartpole_diary",
    "cartpole_frames",
    "load_pong_policy",
    "play_cartpole",
    "play_pong",
    "random_policy",
    "record_pong",
    "save_pong_policy",
    "train_pong",
    "train_pong_reinforce",
]

from .cartpole import CARTPOLE_RANDOM_RETURN, cartpole_diary, play_cartpole
from .frames import add_probability_bars, cartpole_frames
from .policies import PongPolicy, load_pong_policy, save_pong_policy
from .pong import (
    PONG_ACTIONS,
    PONG_RANDOM_RETURN,
    PongFilm,
    PongGames,
    play_pong,
    random_policy,
    record_pong,
)
from .ppo import train_pong
from .reinforce import train_pong_reinforce
from .rollouts import PongTraining
