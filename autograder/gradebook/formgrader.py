"""What formgrader shows of a student's texts: their Markdown, without anything that acts.

Formgrader shows notebooks in the browser of a person who may change marks, and nbgrader cleans
nothing. Its page listens for clicks on classes such as ``full-credit`` and reads the comment from
``.comment``: so no class, id or style of a student's survives, only text, its structure, formulas
and pasted pictures.
"""

from __future__ import annotations

import re
from typing import Any

from jinja2 import pass_context
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.gradebook.clean_html import (
    MAX_PICTURE_CHARS,
    MAX_PICTURES,
    clean_html,
    picture_address,
)
from autograder.gradebook.tex import plain_tex
from autograder.model.text import clean_text

__all__ = ["highlight_code", "markdown2html"]

MAX_CHARS = 20_000
"""A longer text is cut: nbconvert's Markdown takes quadratic time for some."""

_TAGS = {
    *("a", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt"),
    *("em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "ol", "p"),
    *("pre", "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td"),
    *("tfoot", "th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
_LINK = re.compile(r"(?i)(?:https?://|mailto:)")
_WITHOUT_SOURCE = re.compile(r'<img(?![^>]* src=")[^>]*>')
_ALT = re.compile(r' alt="([^"]*)"')
_NOT_SHOWN = "[{}: a picture that is not in the notebook, or of a kind that is not shown]"

# Whatever a formula draws stays inside of the answer it stands in.
_FRAME = '<div style="contain: content; overflow: auto">\n{}\n</div>'


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """nbconvert's filter of that name, cleaned: formulas, tables, code and pictures stay."""
    source = clean_text(source, most=MAX_CHARS)
    renderer = _Renderer(context.get("cell", {}).get("attachments") or {})
    html = MarkdownWithMath(renderer=renderer).render(source)
    # The cleaner balances tags and spells every character out, so the steps after it see what a
    # browser would see.
    html = clean_html(html, _TAGS, _ATTRIBUTES, _LINK)
    html = _WITHOUT_SOURCE.sub(_as_text, html)
    return _FRAME.format(plain_tex(html))


def highlight_code(source: str, language: str | None = None, metadata: Any = None) -> str:
    """nbconvert's filter of that name: Python in colours, and longer code without them.

    Its own would let a student choose the lexer (``%%perl``), and IPython's takes quadratic time
    for a long name with dots.
    """
    lexer = "python3" if len(source) <= MAX_CHARS else "text"
    found: str = Highlight2HTML(pygments_lexer=lexer)(source, language=lexer)
    return found


class _Renderer(IPythonRenderer):
    """nbconvert's renderer; a picture that cannot be shown leaves a text instead of an error."""

    def __init__(self, attached: dict[str, dict[str, str]]) -> None:
        super().__init__(escape=False, attachments=attached, exclude_anchor_links=True)
        self._shown: set[str] = set()
        self._chars = MAX_PICTURE_CHARS

    def _embed_image_or_attachment(self, src: str) -> str:
        """The address of a picture: its data, once; otherwise nothing."""
        if not src.startswith("attachment:"):
            return src if len(src) <= MAX_CHARS else ""
        name = src.removeprefix("attachment:")
        bundle = self.attachments.get(name)
        if not bundle or name in self._shown or len(self._shown) >= MAX_PICTURES:
            return ""
        self._chars -= len(next(iter(bundle.values())))
        if self._chars < 0:
            return ""
        self._shown.add(name)
        return picture_address(bundle)


def _as_text(picture: re.Match[str]) -> str:
    """What stands in the place of a picture that is not shown."""
    found = _ALT.search(picture.group())
    return _NOT_SHOWN.format(found.group(1) if found and found.group(1) else "picture")
