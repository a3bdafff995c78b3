"""Names in an answer that no exercise needs: worth an instructor's look.

This is no part of the sandbox and changes no mark: whoever hides such a name gains nothing by it
either. A name that the reference answer uses, too, is not worth a look, and neither is what honest
code does every day (a handler for Ctrl-C, a look at the environment, a word in a comment).
"""

from __future__ import annotations

import io
import re
import tokenize

__all__ = ["flagged_names", "may_meddle", "may_unsettle"]

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
"""All that may leave something behind in a kernel: after it, a fresh one is worth its time."""

SELDOM_HONEST = {
    "other code's frames": (
        r"_getframe|currentframe|inspect\.|f_back|tb_frame",
        r"set(?:trace|profile)\b|\bgc\.(?:get_|freeze|callbacks)",
    ),
    "processes and signals": (
        r"os\.(?:fork|kill|_exit|exec|spawn|system|popen|setsid)|ptrace",
        r"subprocess|multiprocessing\.(?:Process|shared_memory)|atexit|\b_thread\b",
        r"signal\.(?:setitimer|pthread_kill|raise_signal|SIGKILL|SIGSTOP)",
    ),
    "files of the grader": (r"/proc\b|/sys\b|/dev/|/etc/|os\.environ\.(?:values|items|copy)",),
    "what it is compared by": (
        r"__eq__|__array\w*__|__instancecheck__|__getattribute__",
        r"__class__\s*+=[^=]",
    ),
}
"""Of some kinds, what an instructor should look at is less than what may leave something behind."""

LOOK_AT = REACHES | {what: re.compile("|".join(parts)) for what, parts in SELDOM_HONEST.items()}
_FOLDER = "(?:gradebook|autograder|solutions|submitted|workspace)"
FOLDERS = re.compile(rf"{_FOLDER}[/\\]|[/\\]{_FOLDER}|gradebook\.db")
FOLDER_ALONE = re.compile(rf"[\"']{_FOLDER}[\"']")
OPENS = re.compile(r"\bopen\b|\bPath\b|\bos\b|\bglob\b|\bshutil\b")
"""Words that are honest text, and parts of paths in other code: in a path, or as a whole text in
code that opens files."""

SETTINGS = re.compile(
    r"set_global_policy|set_(?:dtype_)?policy|set_floatx|set_epsilon|set_image_data_format|seterr"
    r"|set_printoptions|run_functions_eagerly|enable_op_determinism|disable_eager|disable_v2"
)

NOT_CODE = frozenset([tokenize.COMMENT, tokenize.NL])
# Since Python 3.12 the parts of an f-string are tokens of their own.
TEXT = frozenset([tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)])
ENDS = frozenset([tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING])


def flagged_names(answer: str, reference: str = "") -> list[str]:
    """What ``answer`` reaches for and ``reference`` does not, comments and docstrings aside."""
    code, texts = _apart(answer)
    found = [
        what for what, name in LOOK_AT.items() if name.search(code) and not name.search(reference)
    ]
    alone = OPENS.search(code) is not None and FOLDER_ALONE.search(texts) is not None
    if (alone or FOLDERS.search(texts)) and not FOLDERS.search(reference):
        found.append("files of the grader")
    return list(dict.fromkeys(found))


def may_meddle(answer: str, reference: str = "") -> bool:
    """Whether ``answer`` holds anything that could leave something behind in its kernel."""
    return any(name.search(answer) and not name.search(reference) for name in REACHES.values())


def may_unsettle(answer: str) -> bool:
    """Whether ``answer`` may change a setting that holds for the whole process."""
    return SETTINGS.search(answer) is not None


def _apart(code: str) -> tuple[str, str]:
    """The code without comments and docstrings, and the texts in it alone."""
    parts: list[str] = []
    texts: list[str] = []
    begins = True  # of a statement, where a text is a docstring
    at = (1, 0)
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type in NOT_CODE or (token.type == tokenize.STRING and begins):
                continue
            if token.type in TEXT:
                texts.append(token.string)
            # What stood side by side stays so: `os.environ` is three tokens.
            parts.append(token.string if token.start == at else " " + token.string)
            begins, at = token.type in ENDS, token.end
    except (tokenize.TokenError, SyntaxError, RecursionError):
        return code, code  # no Python to its end: everything is looked at
    return "".join(parts), "\n".join(texts)
