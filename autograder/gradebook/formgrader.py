"""What formgrader shows of a student's texts: their Markdown, without anything that a browser would
run.

Formgrader shows notebooks in the browser of a person who may change marks, and nbgrader cleans
nothing: a script in a written answer could give itself points.
"""

from __future__ import annotations

import re
from typing import Any

import nh3
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

__all__ = ["markdown2html"]

TAGS = nh3.ALLOWED_TAGS | {"details", "summary"}
ATTRIBUTES = {**nh3.ALLOWED_ATTRIBUTES, "*": {"class", "title", "align"}}
TEX_THAT_ACTS = re.compile(r"\\(href|require|unicode|cssId|class|style|bbox)\b")
PICTURE = re.compile(r"(https?://|data:image/(png|jpeg|gif|webp);base64,)", re.IGNORECASE)


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """nbconvert's filter of that name, cleaned: formulas, tables, code and pictures stay."""
    renderer = IPythonRenderer(
        escape=False,
        attachments=context.get("cell", {}).get("attachments", {}),
        exclude_anchor_links=True,
    )
    html = MarkdownWithMath(renderer=renderer).render(TEX_THAT_ACTS.sub(r"\1", source))
    schemes = {"http", "https", "mailto", "data"}
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, attribute_filter=_allowed, url_schemes=schemes
    )


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Data only as a bitmap picture: a link to data could be a page with a script."""
    if name == "src":
        return value if PICTURE.match(value) else None
    return None if name == "href" and value.strip().lower().startswith("data:") else value
