"""Tunes as sound: `render_audio(abc)` synthesises a tune in NumPy, without any system package.

Every note is a sum of harmonics under an envelope (attack, decay, sustain, release); plucked
instruments let every harmonic decay by itself, the higher ones faster. A short synthetic room joins
the notes.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from labkit.music.meter import COMPOUND
from labkit.music.reading import Tune, parse_tune

__all__ = ["INSTRUMENTS", "render_audio", "synthesize"]

RATE = 22_050
PEAK = 0.8
LONGEST = 60.0  # seconds; longer tunes are faded out, so that a notebook stays small
FADE = 1.5
CONCERT_A = 440.0
# Beats a minute that suit a rhythm, or else a meter.
RHYTHM_TEMPO = {"reel": 200, "jig": 112, "slip jig": 112, "hornpipe": 160, "air": 80, "waltz": 120}
METER_TEMPO = {"6/8": 112, "9/8": 112, "12/8": 112, "C|": 200, "2/4": 110, "3/4": 110}
OTHER_TEMPO = 160


@dataclass(frozen=True)
class Instrument:
    """A timbre.

    Attributes:
        harmonics: their amplitudes, the fundamental first.
        attack, decay, release: of the envelope, in seconds.
        sustain: of the envelope, a level from 0 to 1.
        decay_rate: above 0 it is plucked: harmonic k falls by e^(−decay_rate·√k) a second.
        vibrato: in semitones.
        breath: the amplitude of noise.
    """

    harmonics: tuple[float, ...]
    attack: float
    decay: float
    sustain: float
    release: float
    decay_rate: float = 0.0
    vibrato: float = 0.0
    breath: float = 0.0


INSTRUMENTS: dict[str, Instrument] = {
    "flute": Instrument(
        (1, 0.45, 0.22, 0.08, 0.03), 0.035, 0.06, 0.8, 0.06, vibrato=0.12, breath=0.01
    ),
    "whistle": Instrument(
        (1, 0.18, 0.10, 0.04), 0.02, 0.04, 0.85, 0.04, vibrato=0.08, breath=0.015
    ),
    "fiddle": Instrument(
        (1, 0.7, 0.55, 0.4, 0.3, 0.25, 0.18, 0.12, 0.08, 0.05), 0.04, 0.05, 0.85, 0.07, vibrato=0.15
    ),
    "harp": Instrument(
        (1, 0.6, 0.4, 0.25, 0.15, 0.1, 0.06), 0.004, 0.01, 1.0, 0.25, decay_rate=2.2
    ),
}
"""Name → timbre."""


def synthesize(
    tune: str | Tune, *, instrument: str = "flute", tempo: float | None = None, rate: int = RATE
) -> np.ndarray:
    """The sound of a tune.

    Args:
        tune: ABC text, or a tune from `parse_tune`. Repeats are played once.
        instrument: one of `INSTRUMENTS`: "flute", "whistle", "fiddle", "harp".
        tempo: beats a minute; a beat is a quarter note, or a dotted one in 6/8, 9/8 and 12/8. By
            default what suits the tune's rhythm.
        rate: samples a second.

    Returns:
        Samples, float32 (N,) in [−0.8, 0.8]. Tunes over 60 s are faded out.

    Raises:
        TuneError: when the text is not a tune.
        ValueError: for an unknown instrument, or a tempo outside 20 to 600.
    """
    if instrument not in INSTRUMENTS:
        raise ValueError(
            f"unknown instrument {instrument!r}: expected one of {', '.join(INSTRUMENTS)}"
        )
    tune = parse_tune(tune) if isinstance(tune, str) else tune
    tempo = _usual_tempo(tune) if tempo is None else float(tempo)
    if not 20 <= tempo <= 600:
        raise ValueError(f"the tempo must be from 20 to 600 beats a minute, got {tempo:g}")
    quarter = 60 / tempo / (1.5 if tune.meter in COMPOUND else 1)
    return _room(_mix(tune, INSTRUMENTS[instrument], quarter, rate), rate)


def _usual_tempo(tune: Tune) -> float:
    usual = METER_TEMPO.get(tune.meter, OTHER_TEMPO)
    return RHYTHM_TEMPO.get(tune.rhythm.lower().removeprefix("double "), usual)


def _mix(tune: Tune, voice: Instrument, quarter: float, rate: int) -> np.ndarray:
    """All notes of the tune, float64 (N,); a quarter note lasts `quarter` seconds."""
    seconds = min(tune.duration * quarter, LONGEST)
    sound = np.zeros(int((seconds + voice.release) * rate) + 1, np.float64)
    for note in tune.notes:
        start = int(note.onset * quarter * rate)
        if start >= seconds * rate:
            continue
        sample = _note(note.pitch, min(note.duration * quarter, seconds), voice, rate)
        end = min(start + len(sample), len(sound))
        sound[start:end] += sample[: end - start]
    if tune.duration * quarter > LONGEST:
        sound[-int(FADE * rate) :] *= np.linspace(1, 0, int(FADE * rate))
    return sound


def _note(pitch: int, seconds: float, voice: Instrument, rate: int) -> np.ndarray:
    """One note of `seconds` plus its release, (N,)."""
    time = np.arange(int((seconds + voice.release) * rate)) / rate
    frequency = CONCERT_A * 2 ** ((pitch - 69) / 12)
    # The vibrato sets in slowly. The phase is the integral of the frequency, which it bends.
    bend = voice.vibrato * np.minimum(time / 0.4, 1) * np.sin(2 * np.pi * 5.2 * time)
    phase = 2 * np.pi * np.cumsum(frequency * 2 ** (bend / 12)) / rate
    sound = np.zeros_like(time)
    for k, amplitude in enumerate(voice.harmonics, start=1):
        # Above half the rate a harmonic would fold back as a wrong note.
        if k * frequency < 0.45 * rate:
            sound += amplitude * np.sin(k * phase) * np.exp(-voice.decay_rate * np.sqrt(k) * time)
    if voice.breath:
        sound += voice.breath * np.random.default_rng(pitch).standard_normal(len(time))
    return sound * _envelope(time, seconds, voice)


def _envelope(time: np.ndarray, seconds: float, voice: Instrument) -> np.ndarray:
    """Attack, decay, sustain, release; zero at both ends, so that there is no click."""
    attack = min(voice.attack, seconds / 3)
    points = [0, attack, min(attack + voice.decay, seconds * 0.9), seconds, seconds + voice.release]
    level = np.interp(time, points, [0, 1, voice.sustain, voice.sustain, 0])
    return level**2 * (3 - 2 * level)  # rounds the corners


def _room(dry: np.ndarray, rate: int) -> np.ndarray:
    """A little reverberation, then the peak is set; float32, longer than `dry` by the echo."""
    tail = _impulse(rate)
    length = len(dry) + len(tail)
    # A product of spectra is a convolution; the power of two makes room for all of it, and is fast.
    size = 1 << (length - 1).bit_length()
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(tail, size), size)[:length]
    wet[: len(dry)] += dry
    peak = np.abs(wet).max()
    return (wet * (PEAK / peak if peak else 1)).astype(np.float32)


@cache
def _impulse(rate: int) -> np.ndarray:
    """What the room answers to a clap: 0.6 s of noise that dies away, (0.6·rate,)."""
    time = np.arange(int(0.6 * rate)) / rate
    noise = np.random.default_rng(0).standard_normal(len(time))
    return 0.015 * noise * np.exp(-time / 0.12) * np.minimum(time / 0.02, 1)


def render_audio(tune: str | Tune, *, instrument: str = "flute", tempo: float | None = None) -> Any:
    """The tune as sound that can be played in a notebook.

    Args:
        tune, instrument, tempo: as for `synthesize`.

    Returns:
        An `IPython.display.Audio` with a WAV file in it: mono, 16 bit.

    Raises:
        TuneError: when the text is not a tune.
        ValueError: for an unknown instrument, or a tempo outside 20 to 600.
    """
    from IPython.display import Audio

    tune = parse_tune(tune) if isinstance(tune, str) else tune
    label = html.escape(f"“{tune.title or 'A tune without a title'}”, played on the {instrument}")

    class TuneAudio(Audio):
        """IPython's player, with a name for screen readers."""

        def _repr_html_(self) -> str:
            return str(super()._repr_html_()).replace("<audio ", f'<audio aria-label="{label}" ', 1)

    samples = synthesize(tune, instrument=instrument, tempo=tempo)
    return TuneAudio(samples, rate=RATE, normalize=False)
