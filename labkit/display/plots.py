"""Figures that everybody can read: colours that differ for all, and an alternative text."""

from __future__ import annotations

import base64
import html
import io
from typing import Any

__all__ = ["OKABE_ITO", "Picture", "describe_plot", "show", "use_labkit_style"]

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#56B4E9", "#D55E00", "#F0E442", "#CC79A7", "#000000")
"""Eight colours that all people can tell apart (Okabe and Ito 2008), neighbours by lightness."""

LINE_STYLES = ("-", "--", "-.", ":", "-", "--", "-.", ":")
COLOUR_MAP = "cividis"


def use_labkit_style() -> None:
    """Set Matplotlib's defaults: Okabe–Ito colours with line styles, a safe map, readable sizes."""
    import matplotlib as mpl
    from cycler import cycler

    mpl.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=OKABE_ITO) + cycler(linestyle=LINE_STYLES),
            "axes.grid": True,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "figure.dpi": 100,
            "figure.figsize": (7.0, 4.0),
            "figure.facecolor": "white",
            "font.size": 11,
            "grid.alpha": 0.3,
            "image.cmap": COLOUR_MAP,
            "legend.frameon": False,
            "lines.linewidth": 2,
        }
    )


class Picture:
    """A figure as a PNG with its alternative text; what `show` displays.

    It is an HTML image with the data inside, so that the alternative text survives saving,
    conversion by nbconvert, JupyterLab and Colab.

    Attributes:
        png: the bytes of the image.
        alt: the alternative text.
    """

    def __init__(self, png: bytes, alt: str) -> None:
        self.png = png
        self.alt = alt

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode()
        alt, source = html.escape(self.alt), f"data:image/png;base64,{data}"
        return f'<img alt="{alt}" style="max-width: 100%" src="{source}">'

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"


def describe_plot(fig: Any, alt: str) -> Picture:
    """Make a picture with an alternative text of a Matplotlib figure, which stays open.

    Args:
        fig: a Matplotlib figure.
        alt: what the figure shows and what is to be seen in it, in words.

    Raises:
        ValueError: when `alt` is empty.
    """
    if not alt.strip():
        raise ValueError("alt must say in words what the figure shows, for those who cannot see it")
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", bbox_inches="tight")
    return Picture(buffer.getvalue(), alt.strip())


def show(fig: Any, *, alt: str) -> None:
    """Display a figure once, with its alternative text, and close it.

    Outside notebooks the text is printed.

    Args:
        fig: a Matplotlib figure.
        alt: what the figure shows and what is to be seen in it, in words.

    Raises:
        ValueError: when `alt` is empty.
    """
    import matplotlib.pyplot as plt
    from IPython.display import display

    picture = describe_plot(fig, alt)
    plt.close(fig)  # or the notebook would show it a second time, without the text
    display(picture)
