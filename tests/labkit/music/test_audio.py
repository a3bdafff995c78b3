"""Sound that can be measured."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from labkit.music.audio import INSTRUMENTS, render_audio, synthesize
from labkit.music.reading import Note, Tune, TuneError
from tests.labkit.music.examples import JIG

RATE = 22_050


def tune(*notes: Note, meter: str = "4/4", rhythm: str = "") -> Tune:
    return Tune("Test", meter, "C", rhythm, notes, "")


def strongest(sound: np.ndarray) -> float:
    """The frequency with the most energy, in hertz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 4 * len(sound)))
    return float(np.fft.rfftfreq(4 * len(sound), 1 / RATE)[np.argmax(spectrum)])


@pytest.mark.parametrize("instrument", sorted(INSTRUMENTS))
@pytest.mark.parametrize(("pitch", "hertz"), [(69, 440.0), (60, 261.6256), (81, 880.0)])
def test_notes_have_their_frequency(instrument, pitch, hertz):
    """Equal temperament on A = 440 Hz; the fundamental is the strongest partial; within 1 %."""
    sound = synthesize(tune(Note(pitch, 0, 4)), instrument=instrument, tempo=240)
    assert strongest(sound[: RATE // 2]) == pytest.approx(hertz, rel=0.01)


@pytest.mark.parametrize("instrument", sorted(INSTRUMENTS))
def test_no_clicks_and_no_clipping(instrument):
    """The sound begins and ends in silence, stays within its peak, and repeats exactly."""
    notes = [Note(60 + i, i * 0.5, 0.5) for i in range(8)]
    sound = synthesize(tune(*notes), instrument=instrument)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() == pytest.approx(0.8, abs=1e-6)
    assert np.abs(sound[:3]).max() < 0.05
    assert np.abs(sound[-200:]).max() < 0.01
    np.testing.assert_array_equal(sound, synthesize(tune(*notes), instrument=instrument))


def test_tempo_and_beats():
    """A beat is a quarter, or a dotted quarter in 6/8: four quarters at 120 last 2 s, and 4/3 s in
    6/8."""
    one = Note(69, 0, 4)

    def seconds(sound: np.ndarray) -> float:
        return float(np.flatnonzero(np.abs(sound) > 0.2)[-1] / RATE)

    assert seconds(synthesize(tune(one), tempo=120)) == pytest.approx(2.0, abs=0.1)
    assert seconds(synthesize(tune(one, meter="6/8"), tempo=120)) == pytest.approx(4 / 3, abs=0.1)


def test_long_tunes_are_faded_out():
    """After 60 s it is over, so that notebooks stay small."""
    sound = synthesize(tune(Note(69, 0, 4000)), tempo=60)
    assert 60 <= len(sound) / RATE < 62
    assert np.abs(sound[-100:]).max() < 0.01


def test_the_player():
    """IPython's player with a name for screen readers, around a mono 16-bit WAV file."""
    pytest.importorskip("music21")
    player = render_audio(JIG, instrument="harp")
    page = player._repr_html_()
    assert 'aria-label="“A Jig of Four Bars”, played on the harp"' in page
    assert "data:audio/wav;base64" in page
    with wave.open(io.BytesIO(player.data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        assert 3 < file.getnframes() / RATE < 12


def test_the_player_keeps_the_samples():
    """Sixteen bits: full scale is 32767, nothing is made louder or cut, to one step."""
    pytest.importorskip("music21")
    with wave.open(io.BytesIO(render_audio(JIG, instrument="harp").data)) as file:
        written = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    samples = synthesize(JIG, instrument="harp")
    assert len(written) == len(samples)
    assert np.abs(written - samples * 32767.0).max() < 1.01
    assert np.abs(written).max() == pytest.approx(0.8 * 32767, abs=1)


def test_bad_arguments():
    """Unknown instruments list the known ones; tempi have limits; what is no tune is a
    TuneError."""
    with pytest.raises(ValueError, match="expected one of flute, whistle, fiddle, harp"):
        synthesize(tune(Note(60, 0, 1)), instrument="tuba")
    with pytest.raises(ValueError, match="from 20 to 600"):
        synthesize(tune(Note(60, 0, 1)), tempo=0)
    with pytest.raises(TuneError):
        render_audio("nonsense")
