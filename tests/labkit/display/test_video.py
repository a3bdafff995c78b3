"""Films that can be decoded again."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from labkit.display import video
from labkit.display.video import render_video


def moving_square(frames: int = 12) -> np.ndarray:
    """A red square that moves to the right over blue, uint8 (frames, 40, 60, 3)."""
    film = np.zeros((frames, 40, 60, 3), np.uint8)
    film[..., 2] = 200
    for i, frame in enumerate(film):
        frame[10:30, 3 * i : 3 * i + 20] = (220, 30, 30)
    return film


def decoded(data: bytes, path) -> np.ndarray:
    """The frames of a WebM film, red first."""
    path.write_bytes(data)
    capture, frames = cv2.VideoCapture(str(path)), []
    while (read := capture.read())[0]:
        frames.append(read[1][..., ::-1])
    return np.stack(frames)


def test_webm_shows_the_frames_in_order_and_colour(tmp_path):
    """Every frame is there, in its place, enlarged, red still red, within what VP8 loses."""
    film = moving_square()
    rendered = render_video(film, alt="a square", scale=4)
    assert rendered.mime == "video/webm"
    got = decoded(rendered.data, tmp_path / "film.webm")
    assert got.shape == (12, 160, 240, 3)
    for i, frame in enumerate(got):
        expected = film[i].repeat(4, 0).repeat(4, 1)
        assert np.abs(frame.astype(int) - expected).mean() < 12
        red = np.flatnonzero(frame[80, :, 0] > 128)
        assert abs(red[0] - 12 * i) <= 4


def test_the_page_holds_the_film_and_its_text():
    """One element with everything inside, controls, and the text for those who cannot see it,
    escaped."""
    page = render_video(moving_square(), alt='A "red" square <moves>')._repr_html_()
    assert page.startswith("<video controls loop muted")
    assert 'aria-label="A &quot;red&quot; square &lt;moves&gt;"' in page
    assert 'src="data:video/webm;base64,' in page
    assert "<moves>" not in page


def test_without_the_encoder_it_is_an_animated_image(monkeypatch):
    """Where OpenCV cannot write WebM the film is an animated WebP, with the same text."""
    monkeypatch.setattr(video, "CODEC", "none")
    rendered = render_video(moving_square(), alt="a square", fps=10)
    assert rendered.mime == "image/webp"
    image = Image.open(io.BytesIO(rendered.data))
    assert (image.n_frames, image.size) == (12, (120, 80))
    assert '<img alt="a square"' in rendered._repr_html_()


def test_nothing_is_printed_and_nothing_is_left(capfd, tmp_path, monkeypatch):
    """The encoder's remarks do not reach the notebook, and its file is deleted."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(video.tempfile, "tempdir", None)
    render_video(moving_square(), alt="a square")
    assert capfd.readouterr() == ("", "")
    assert not list(tmp_path.iterdir())


def test_grey_frames_and_odd_sizes(tmp_path):
    """Grey becomes colour; an odd height or width, which VP8 cannot hold, grows by one."""
    rendered = render_video(moving_square()[:, :39, :59, 2], alt="grey", scale=1)
    assert decoded(rendered.data, tmp_path / "film.webm").shape == (12, 40, 60, 3)


@pytest.mark.parametrize(
    ("frames", "options", "message"),
    [
        (np.zeros((3, 8, 8, 3)), {}, "uint8"),
        (np.zeros((0, 8, 8, 3), np.uint8), {}, "1 to"),
        (np.zeros((8, 8), np.uint8), {}, "frames must be"),
        (np.zeros((3, 8, 8, 3), np.uint8), {"alt": " "}, "alt must say"),
        (np.zeros((3, 8, 8, 3), np.uint8), {"scale": 0}, "scale"),
    ],
)
def test_what_cannot_be_shown_is_named(frames, options, message):
    """Floats, no frames, one picture alone, no text, no size."""
    with pytest.raises(ValueError, match=message):
        render_video(frames, **{"alt": "a film", **options})
