"""HTML made of a student's Markdown, cleaned: the one gate of formgrader and of feedback pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

import nh3

__all__ = [
    "MAX_PICTURES",
    "MAX_PICTURE_CHARS",
    "clean_html",
    "is_data_picture",
    "picture_address",
]

MAX_PICTURES, MAX_PICTURE_CHARS = 20, 20 * 2**20
"""So many pictures are shown on a page, and so many characters of their data."""

_DATA_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")


def clean_html(
    html: str, tags: Set[str], attributes: Mapping[str, Set[str]], link: re.Pattern[str]
) -> str:
    """``html`` with these tags and attributes alone, and with balanced tags.

    Pictures are shown only from inside the page, and links lead only where ``link`` matches.
    """

    def allowed(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if is_data_picture(value) else None
        if name == "href":
            return value if link.match(value) else None
        return value

    return nh3.clean(
        html,
        tags=set(tags),
        attributes={tag: set(names) for tag, names in attributes.items()},
        attribute_filter=allowed,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
    )


def is_data_picture(address: str) -> bool:
    """Whether an address is a bitmap picture in itself."""
    return _DATA_PICTURE.fullmatch(address) is not None


def picture_address(bundle: Mapping[str, str]) -> str:
    """The data of an attachment (kind -> base64) as an address."""
    kind, data = next(iter(bundle.items()))
    return f"data:{kind};base64,{''.join(data.split())}"
