"""Pictures: colours that can be told apart, and alternative texts."""

from __future__ import annotations

import itertools

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")
import matplotlib.pyplot as plt

from labkit.display.plots import OKABE_ITO, describe_plot, show, use_labkit_style


@pytest.fixture
def figure():
    fig, axes = plt.subplots()
    axes.plot([1, 2, 3])
    yield fig
    plt.close(fig)


def test_the_picture_carries_its_text(figure):
    """An HTML image with the PNG inside and the text in `alt`, escaped; the figure stays open."""
    picture = describe_plot(figure, 'a "rising" <line>')
    assert picture.png.startswith(b"\x89PNG")
    page = picture._repr_html_()
    assert 'alt="a &quot;rising&quot; &lt;line&gt;"' in page
    assert 'src="data:image/png;base64,' in page
    assert repr(picture) == 'Picture: a "rising" <line>'
    assert plt.fignum_exists(figure.number)


def test_a_picture_needs_words(figure):
    """Without a description there is no picture."""
    with pytest.raises(ValueError, match="alt must say"):
        describe_plot(figure, " ")


def test_show_displays_once(figure, capsys):
    """`show` displays the picture and closes the figure; outside notebooks its text is printed."""
    show(figure, alt="a line that rises")
    assert "a line that rises" in capsys.readouterr().out
    assert not plt.fignum_exists(figure.number)


def test_the_style_is_colour_safe():
    """The Okabe–Ito colours, no two with the same line style next to each other, and a colour-safe
    map."""
    with mpl.rc_context():
        use_labkit_style()
        cycle = list(mpl.rcParams["axes.prop_cycle"])
        assert tuple(entry["color"] for entry in cycle) == OKABE_ITO
        assert all(a["linestyle"] != b["linestyle"] for a, b in itertools.pairwise(cycle))
        assert mpl.rcParams["image.cmap"] == "cividis"


def test_the_first_colours_differ_in_lightness():
    """Printed in grey, neighbours in the cycle still differ (relative luminance, WCAG 2)."""

    def luminance(colour: str) -> float:
        rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    values = [luminance(colour) for colour in OKABE_ITO]
    assert all(abs(a - b) > 0.04 for a, b in itertools.pairwise(values))
