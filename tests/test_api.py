"""docs/api/ is what the docstrings of labkit say, and they say what the code takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import api

ROOT = Path(__file__).parents[1]
PAGES = api.pages()


def test_pages_are_current() -> None:
    """Every page is what `make api` writes, and there is no other."""
    folder = ROOT / "docs" / "api"
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*")}
    assert written == PAGES, "run `make api`"


def test_there_is_a_page_for_each_topic() -> None:
    """The core, the probes, each topic, and a page that lists them."""
    topics = {path.parent.name for path in ROOT.glob("labkit/*/__init__.pyi")}
    assert set(PAGES) == {f"{name}.md" for name in {"README", "core", "probes", *topics}}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_link_leads_to_a_heading(page: str) -> None:
    """A table's links are the anchors that GitHub makes of the headings below it."""
    anchors: list[str] = []
    for heading in re.findall(r"^#+ (.+)$", PAGES[page], re.MULTILINE):
        anchor = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        before = sum(re.fullmatch(rf"{anchor}(-\d+)?", one) is not None for one in anchors)
        anchors.append(f"{anchor}-{before}" if before else anchor)
    links = re.findall(r"\]\(#([^)]+)\)", PAGES[page])
    assert set(links) <= set(anchors)
    assert len(links) == len(set(links))


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"README.md"}))
def test_documented_arguments_exist(page: str) -> None:
    """Below a signature, "Arguments" names only what the signature has."""
    parts = re.split(r"^#{2,3} ", PAGES[page], flags=re.MULTILINE)[1:]
    assert parts
    for part in parts:
        signature = part.split("```")[1]
        listed = part.partition("**Arguments**\n\n")[2].split("\n\n")[0]
        for name in re.findall(r"^- `\**(\w+)`", listed, re.MULTILINE):
            assert re.search(rf"\b{name}\b", signature), f"{part.splitlines()[0]}: {name}"


def test_a_page_shows_signature_text_arguments_and_errors() -> None:
    """What a docstring in Google style says of a function is all there."""
    text = PAGES["core.md"].partition("## render_video\n")[2].partition("\n## ")[0]
    assert (
        "render_video(frames: Any, *, alt: str, fps: float = 15, scale: int = 2) -> Video" in text
    )
    assert "Encode frames as a film" in text
    assert "- `fps`: frames a second." in text
    assert "- `ValueError`: " in text


def test_inherited_methods_are_shown() -> None:
    """`LiveCurve.add` is the method of its base class."""
    assert "### LiveCurve.add\n" in PAGES["core.md"]
    assert "### LiveCurve.run\n" in PAGES["core.md"]
