"""HTML that cannot do harm: every text is escaped, Markdown is rendered and cleaned, pages allow no
script at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

from autograder.gradebook.clean_html import clean_html
from autograder.model.result import TodoState
from autograder.model.text import clean_text
from autograder.reporting.pictures import Pictures

__all__ = [
    "CSP",
    "STATES",
    "ShownState",
    "code_html",
    "markdown_html",
    "number",
    "page",
    "shown_state",
    "warm_up",
]

CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
"""No script, no font, no frame, no request: only the page's own style and pictures inside it."""

MAX_CODE_CHARS = 30_000
_TAGS = {
    *(
        "p",
        "br",
        "hr",
        "em",
        "strong",
        "s",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "a",
        "img",
    ),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}, "ol": {"start"}}
_LINK = re.compile(r"(?i)(?:https?|mailto):")  # never to inside of the page


@dataclass(frozen=True)
class ShownState:
    """How a TODO's state is shown: never by colour alone."""

    icon: str
    word: str
    css: str
    meaning: str


STATES: dict[TodoState, ShownState] = {
    TodoState.CORRECT: ShownState("✓", "Correct", "correct", "Every case passed."),
    TodoState.PARTIAL: ShownState("◐", "Partly correct", "partial", "Some cases passed."),
    TodoState.INCORRECT: ShownState(
        "✗", "Not correct yet", "incorrect", "It ran, and no case passed."
    ),
    TodoState.NOT_ATTEMPTED: ShownState(
        "○", "Not attempted", "open", "The placeholder is still there."
    ),
    TodoState.ERROR: ShownState(
        "!", "Stopped with an error", "error", "It stopped before its cases could be judged."
    ),
    TodoState.TIMEOUT: ShownState(
        "◷", "Took too long", "timeout", "It was stopped at the time limit."
    ),
    TodoState.KILLED: ShownState(
        "†", "Ended its process", "killed", "The process that ran it came to an end."
    ),
}


def shown_state(state: TodoState) -> ShownState:
    """How a state is shown; one without a look of its own is an error."""
    return STATES.get(state, STATES[TodoState.ERROR])


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: safe_text(value) if type(value) is str else value,
    )
    environment.filters |= {"number": number, "ticks": ticks, "code": code_html}
    environment.globals |= {"csp": CSP, "states": STATES}
    return environment


def page(template: str, **values: Any) -> str:
    """A page from ``templates/``; undefined names are errors."""
    return _environment().get_template(template).render(**values)


def warm_up() -> None:
    """Load what pages are made with, so that processes forked from this one have it."""
    _environment().get_template("feedback.html.j2")
    code_html("x = 1")
    markdown_html("x")


def number(value: float) -> str:
    """Points as people write them: 3, 2.5, 0.33."""
    return f"{round(float(value), 2):g}"


def safe_text(text: str) -> str:
    """Text without control characters and without the invisible ones that reorder what is read."""
    return clean_text(str(text))


def ticks(text: str) -> Markup:
    """Escaped text with `code` between back-ticks set as code; line ends are kept."""
    parts = re.split(r"`([^`\n]+)`", safe_text(text))
    html = []
    for number, part in enumerate(parts):  # every second one stood between back-ticks
        code = number % 2 == 1
        html.append(Markup("<code>{}</code>").format(part) if code else escape(part))
    return Markup("<br>").join(Markup("").join(html).split("\n"))


def code_html(source: str) -> Markup:
    """Python with highlighting; very long texts are cut and shown without it."""
    source = safe_text(source).strip("\n")
    if len(source) <= MAX_CODE_CHARS:
        return Markup(highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)))
    rest = len(source) - MAX_CODE_CHARS
    return escape(source[:MAX_CODE_CHARS]) + Markup("\n… and {} more characters").format(rest)


def markdown_html(
    text: str,
    attached: Mapping[str, Mapping[str, str]] | None = None,
    pictures: Pictures | None = None,
) -> Markup:
    """Markdown as clean HTML: raw HTML is shown as text, links are http(s) or mail.

    Args:
        text: The Markdown.
        attached: The pictures pasted into its cell; no other one is shown.
        pictures: What the page still has room for.
    """
    # Two gates: Markdown-it escapes HTML, and the cleaner lets through what is on its lists. Links
    # are the cleaner's business alone, so that one list decides.
    renderer = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    renderer.validateLink = lambda url: True  # type: ignore[method-assign]
    pictures = pictures or Pictures()
    shown, data = pictures.number_names(safe_text(text[:MAX_CODE_CHARS]), attached or {})
    tokens = renderer.parse(shown)
    pictures.put_into(tokens, data)
    html = renderer.renderer.render(tokens, renderer.options, {})
    return Markup(clean_html(html, _TAGS, _ATTRIBUTES, _LINK))
