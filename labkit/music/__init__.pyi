__all__ = [
    "INSTRUMENTS",
    "Note",
    "SheetMusic",
    "Tune",
    "TuneError",
    "Tunes",
    "fraction_copied",
    "fraction_of_full_bars",
    "fraction_parsed",
    "in_other_keys",
    "join_tunes",
    "load_tunes",
    "longest_copy",
    "ngram_nats_per_char",
    "parse_tune",
    "render_audio",
    "render_sheet_music",
    "split_tunes",
    "synthesize",
    "transpose_tune",
]

from .audio import INSTRUMENTS, render_audio, synthesize
from .meter import fraction_of_full_bars
from .ngrams import ngram_nats_per_char
from .notation import join_tunes, split_tunes
from .reading import (
    Note,
    Tune,
    TuneError,
    fraction_copied,
    fraction_parsed,
    longest_copy,
    parse_tune,
)
from .sheet_music import SheetMusic, render_sheet_music
from .transpose import in_other_keys, transpose_tune
from .tunes import Tunes, load_tunes
