"""Names in an answer that no exercise needs: worth an instructor's look.

This is no part of the sandbox and changes no mark: whoever hides such a name gains nothing by it
either. A name that the reference answer uses, too, is not worth a look.
"""

from __future__ import annotations

import re

__all__ = ["flagged_names"]

PATTERNS: dict[str, tuple[str, ...]] = {
    "the records of the test": (
        r"labkit\.probes|labkit import probes",
        r"_reporter\b|vnd\.labkit",
    ),
    "the kernel": (
        r"get_ipython|ipykernel|display_pub|displayhook",
        r"iopub|parent_header|connection_file|\bzmq\b",
    ),
    "the code of later cells": (
        r"ast_transformers|input_transformer",
        r"(?:pre|post)_(?:run_cell|execute)",
    ),
    "other code's frames": (
        r"_getframe|currentframe|inspect\.|f_back|\bgc\.|tb_frame",
        r"set(?:trace|profile)\b",
    ),
    "loaded modules": (
        r"sys\.modules|__builtins__|import builtins|importlib|__import__",
        r"np\.testing|numpy\.testing",
    ),
    "processes and signals": (
        r"os\.(?:fork|kill|_exit|exec|spawn|system|popen|setsid)",
        r"subprocess|multiprocessing|signal\.|atexit|_thread|ptrace",
    ),
    "memory": (r"ctypes|cffi|mmap|\bresource\.",),
    "the network": (r"\bsocket\b|urllib|http\.client|\brequests\.",),
    "files of the grader": (
        r"/proc\b|/sys\b|/dev/|/etc/",
        r"gradebook|autograder|solutions|submitted|workspace|os\.environ",
    ),
    "stored objects": (r"pickle|marshal|__reduce|safe_mode|load_model",),
    "what it is compared by": (
        r"__eq__|__array\w*__|__class__",
        r"__instancecheck__|__getattribute__",
    ),
}
REACHES = {what: re.compile("|".join(parts)) for what, parts in PATTERNS.items()}


def flagged_names(answer: str, reference: str = "") -> list[str]:
    """What ``answer`` reaches for and ``reference`` does not."""
    return [
        what for what, name in REACHES.items() if name.search(answer) and not name.search(reference)
    ]
