"""The table of labs in README.md, from each lab's `lab.toml`.

`make labs` runs it; `python -m tools.readme` does, too.
"""

from __future__ import annotations

from pathlib import Path

from autograder.workspace.course import Course, load_course

__all__ = ["labs_table", "with_labs_table"]

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- labs: written by `make labs` -->\n", "<!-- end of labs -->"


def labs_table(course: Course) -> str:
    """A row for each lab, in the order of the course: its notebook, its title, what it reaches."""
    lines = ["| lab | | measured |", "|---|---|---|"]
    for lab in course.labs:
        notebook = f"[`{lab.id}`](labs/{lab.id}/{lab.id}.ipynb)"
        page = f"docs/{lab.id}.md"
        measured = f"[results]({page})" if (course.root / page).is_file() else ""
        lines.append(f"| {notebook} | {lab.title} | {measured} |")
    return "".join(f"{line}\n" for line in lines)


def with_labs_table(text: str, course: Course) -> str:
    """``text`` of README.md with the table as it should be.

    Raises:
        ValueError: if the text has no place for it.
    """
    if BEGIN not in text or END not in text:
        raise ValueError(f"README.md needs the lines {BEGIN.strip()} and {END}")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{labs_table(course)}{END}{after}"


def main() -> None:
    """Write README.md anew."""
    path = ROOT / "README.md"
    path.write_text(with_labs_table(path.read_text("utf-8"), load_course(ROOT)), "utf-8")


if __name__ == "__main__":
    main()
