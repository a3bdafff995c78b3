"""Pictures pasted into written answers: each is on a page once, and a page has a bounded amount."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from autograder.gradebook.clean_html import (
    MAX_PICTURE_CHARS,
    MAX_PICTURES,
    is_data_picture,
    picture_address,
)

__all__ = ["Pictures"]


@dataclass
class Pictures:
    """The pictures of one page: how many more may be shown, and how large they may be."""

    number: int = MAX_PICTURES
    chars: int = MAX_PICTURE_CHARS
    _shown: set[tuple[str, str]] = field(default_factory=set)

    def number_names(
        self, text: str, attached: Mapping[str, Mapping[str, str]]
    ) -> tuple[str, list[str]]:
        """``text`` with a number in the place of each attachment's name, and the data by number.

        A name may hold anything, and Markdown ends an address at the first blank.
        """
        names = sorted(list(attached)[: 2 * MAX_PICTURES], key=len, reverse=True)
        if not names:
            return text, []
        pattern = re.compile("attachment:(" + "|".join(map(re.escape, names)) + ")")
        text = pattern.sub(lambda found: f"attachment:{names.index(found.group(1))}", text)
        return text, [picture_address(attached[name]) for name in names]

    def put_into(self, tokens: Sequence[Token], data: Sequence[str]) -> None:
        """Give the pictures their data; one that is not shown becomes a text that says so."""
        for token in tokens:
            self.put_into(token.children or [], data)
            if token.type != "image":
                continue
            address = str(token.attrGet("src") or "")
            found = re.fullmatch(r"attachment:(\d{1,3})", address)
            if found and int(found.group(1)) < len(data):
                address = data[int(found.group(1))]
            why = self._why_not(address)
            if why:
                name = token.content or "picture"
                token.type, token.tag, token.children = "text", "", None
                token.content = f"[{name}: {why}]"
            else:
                token.attrSet("src", address)

    def _why_not(self, address: str) -> str:
        """Why a picture is not shown, or nothing; then it counts."""
        if not is_data_picture(address):
            return "a picture that is not in the notebook, or of a kind that is not shown"
        # Two ends and the size tell pictures apart without another copy of their data.
        known = (address[:200], f"{len(address)} {address[-200:]}")
        if known in self._shown:
            return "shown above"
        if self.number < 1 or len(address) > self.chars:
            return "not shown, for the page has too many pictures"
        self._shown.add(known)
        self.number -= 1
        self.chars -= len(address)
        return ""
