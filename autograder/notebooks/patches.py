"""What this package replaces in jsonschema; ``autograder/__init__.py`` applies it first of all."""

from __future__ import annotations

import sys

__all__ = ["skip_iri_grammar"]


def skip_iri_grammar() -> None:
    """Let jsonschema do without ``rfc3987_syntax``, whose import builds a grammar for 1.4 s.

    What: the package counts as not installed; jsonschema then leaves the formats ``iri`` and
    ``iri-reference`` unchecked, as it does everywhere else without its extra "format-nongpl".
    Why: nbformat imports jsonschema, so that every command and every server of ours would wait
    for it; no schema of a notebook has these formats.
    Seen with: jsonschema 4.25, rfc3987-syntax 1.1 (``jsonschema/_format.py``, its imports).
    """
    if "rfc3987_syntax" not in sys.modules:
        # None makes every import of it an ImportError, which jsonschema expects.
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
