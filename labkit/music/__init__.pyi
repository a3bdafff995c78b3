__all__ = [
    "INSTRUMENTS",
    "Note",
    "Score",
    "Tune",
    "TuneError",
    "Tunes",
    "in_other_keys",
    "join_tunes",
    "load_tunes",
    "longest_copy",
    "ngram_nats_per_char",
    "parse_tune",
    "render_audio",
    "render_score",
    "share_copied",
    "share_full_bars",
    "share_parsed",
    "split_tunes",
    "synthesize",
    "transpose_tune",
]

from .audio import INSTRUMENTS, render_audio, synthesize
from .meter import share_full_bars
from .ngrams import ngram_nats_per_char
from .notation import join_tunes, split_tunes
from .reading import Note, Tune, TuneError, longest_copy, parse_tune, share_copied, share_parsed
from .sheet_music import Score, render_score
from .transpose import in_other_keys, transpose_tune
from .tunes import Tunes, load_tunes
