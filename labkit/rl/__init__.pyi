__all__ = [
    "CARTPOLE_RANDOM_RETURN",
    "PONG_ACTIONS",
    "PONG_RANDOM_RETURN",
    "PongFilm",
    "PongGames",
    "PongPlayer",
    "PongTraining",
    "add_probability_bars",
    "cartpole_frames",
    "load_pong_player",
    "play_cartpole",
    "play_pong",
    "random_player",
    "record_pong",
    "save_pong_player",
    "train_pong",
    "train_pong_reinforce",
]

from .cartpole import CARTPOLE_RANDOM_RETURN, play_cartpole
from .frames import add_probability_bars, cartpole_frames
from .players import PongPlayer, load_pong_player, save_pong_player
from .pong import (
    PONG_ACTIONS,
    PONG_RANDOM_RETURN,
    PongFilm,
    PongGames,
    play_pong,
    random_player,
    record_pong,
)
from .ppo import PongTraining, train_pong
from .reinforce import train_pong_reinforce
