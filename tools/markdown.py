"""A signature and a parsed Google docstring as Markdown that GitHub renders."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import griffe

__all__ = ["document", "summary"]

WIDTH = 88
LONGEST_VALUE = 120
TITLES = {
    "parameters": "Arguments",
    "other parameters": "Arguments",
    "attributes": "Attributes",
    "returns": "Returns",
    "yields": "Yields",
    "raises": "Raises",
}


def summary(thing: griffe.Object) -> str:
    """The first paragraph of a docstring on one line, for a cell of a table."""
    text = thing.docstring.value if thing.docstring else ""
    return _one_line(text.strip().split("\n\n")[0]).replace("|", "\\|")


def document(thing: griffe.Object, name: str, *, with_signature: bool = True) -> str:
    """What is to be said of a public object below its heading.

    Args:
        thing: a module, a class, a function or a variable.
        name: how notebooks call it.
        with_signature: whether a block with the signature comes first.
    """
    parts: list[str] = []
    if with_signature:
        parts.append(f"```python\n{_signature(thing, name)}\n```")
    parts += _sections(thing)
    if isinstance(thing, griffe.Class):
        parts += _constructor(thing)
        for member_name, member in _members(thing):
            parts.append(f"### {name}.{member_name}")
            parts.append(document(member, member_name))
    return "\n\n".join(part for part in parts if part)


def _signature(thing: griffe.Object, name: str) -> str:
    """How an object is called, or the value of a variable."""
    if isinstance(thing, griffe.Attribute):
        annotation = f": {thing.annotation}" if thing.annotation else ""
        value = f" = {_double_quoted(str(thing.value))}"
        # A property has no value, and a large table says little in one line.
        shown = "property" not in thing.labels and len(value) <= LONGEST_VALUE
        return name + annotation + (value if shown else "")
    returns = ""
    if isinstance(thing, griffe.Function) and thing.returns is not None:
        returns = f" -> {thing.returns}"
    parameters = list(_parameters(thing.parameters))  # type: ignore[attr-defined]
    line = f"{name}({', '.join(parameters)}){returns}"
    if len(line) <= WIDTH:
        return line
    listed = "".join(f"    {parameter},\n" for parameter in parameters)
    return f"{name}(\n{listed}){returns}"


def _double_quoted(code: str) -> str:
    """Code with its strings in double quotes, as in the sources."""
    return re.sub(r"'([^'\"\\]*)'", r'"\1"', code)


def _parameters(parameters: Iterable[griffe.Parameter]) -> Iterator[str]:
    """Each parameter as it is written, with the marks `*` and `/` where they belong."""
    kinds = griffe.ParameterKind
    stars: dict[Any, str] = {kinds.var_positional: "*", kinds.var_keyword: "**"}
    before = None
    for parameter in parameters:
        if parameter.name in ("self", "cls"):
            continue
        # `*` stands before the first keyword-only parameter, unless `*args` does.
        is_keyword = parameter.kind is kinds.keyword_only
        if is_keyword and before not in (kinds.keyword_only, kinds.var_positional):
            yield "*"
        before = parameter.kind
        text = stars.get(parameter.kind, "") + parameter.name
        if parameter.annotation is not None:
            text += f": {parameter.annotation}"
        if parameter.default is not None and parameter.kind not in stars:
            equals = " = " if parameter.annotation is not None else "="
            text += equals + _double_quoted(str(parameter.default))
        yield text


def _sections(thing: griffe.Object, *, with_text: bool = True) -> Iterator[str]:
    """The parts of a docstring, one Markdown block for each."""
    if thing.docstring is None:
        return
    # What is returned is one text, whose lines are not indented any further.
    options = {"returns_multiple_items": False, "returns_named_value": False}
    for section in thing.docstring.parse("google", **options):
        kind = section.kind.value
        if kind == "text" and with_text:
            yield _fenced(section.value)
        elif kind in ("returns", "yields"):
            yield f"**{TITLES[kind]}:** {_one_line(section.value[0].description)}"
        elif kind in TITLES:
            yield f"**{TITLES[kind]}**\n\n" + "\n".join(map(_item, section.value))


def _constructor(thing: griffe.Class) -> Iterator[str]:
    """The arguments and errors of `__init__`; the class has said what it is."""
    made = thing.members.get("__init__")
    if isinstance(made, griffe.Function):
        yield from _sections(made, with_text=False)


def _item(item: Any) -> str:
    """One argument, attribute or exception as an item of a list."""
    is_error = isinstance(item, griffe.DocstringRaise)
    name = str(item.annotation) if is_error else item.name
    return f"- `{name}`: {_one_line(item.description)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _members(thing: griffe.Class) -> list[tuple[str, griffe.Object]]:
    """Public methods and properties, those of base classes too, in the order of the code."""
    own = {**thing.inherited_members, **thing.members}
    shown: list[tuple[str, griffe.Object]] = []
    for name, member in own.items():
        member = member.final_target if isinstance(member, griffe.Alias) else member
        is_method = isinstance(member, griffe.Function) or "property" in member.labels
        if is_method and member.docstring and not name.startswith("_"):
            shown.append((name, member))
    return shown


def _fenced(text: str) -> str:
    """Text whose indented blocks are code, as Markdown with fences."""
    blocks: list[str] = []
    for block in re.split(r"\n\n(?=\S)|(?<=\n)\n(?=    )|\n\n(?=    )", text.strip("\n")):
        is_code = block.startswith("    ")
        code = textwrap.dedent(block).rstrip()
        blocks.append(f"```python\n{code}\n```" if is_code else block.strip())
    return "\n\n".join(block for block in blocks if block)
