"""Names of people as text: equal spellings, loose spellings, and ids that are safe for nbgrader.

Two spellings are *equal* if Unicode calls them one text (NFC and NFD). They are *alike* if they
have the same words in any order, without accents. A text with characters that cannot be seen is
never alike to anything; letters of another script that only look the same are other letters.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

__all__ = [
    "alike_keys",
    "digest",
    "equal_key",
    "oddity",
    "readings",
    "run_together",
    "safe_id",
    "same_text",
    "same_words",
]

_ZIP_ENCODINGS = ("gbk", "shift_jis", "big5", "euc_kr", "cp1252", "cp1251", "cp850")
"""In these, too, programs write the names of a zip's members without saying so."""


def equal_key(text: str) -> str:
    """Equal for two spellings that Unicode calls one text; case and outer blanks do not count."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join(unicodedata.normalize("NFC", composed.casefold()).split())


def same_text(text: str) -> str:
    """Equal for two spellings that Unicode calls one text; here, case counts."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def alike_keys(name: str) -> set[str]:
    """The words in any order, and run together from each word on, as Canvas does ("doejane")."""
    words = _words(name)
    keys = {"".join(words[start:] + words[:start]) for start in range(len(words))}
    return {key for key in {*keys, same_words(name)} if key}


def same_words(text: str) -> str:
    """Equal for the same words in any order: "Doe, Jane" is "Jane Doe"."""
    return "|".join(sorted(_words(text)))


def run_together(text: str) -> str:
    """All words as one."""
    return "".join(_words(text))


def oddity(text: str) -> str:
    """Why a name may not be what it looks like; empty for an ordinary one."""
    if any(unicodedata.category(char) in ("Cf", "Co", "Cn") for char in text):
        return "its name has signs that cannot be seen"
    for word in re.findall(r"[^\W\d_]+", text):
        # Scripts of which some letters look the same; Japanese mixes others by right.
        scripts = {unicodedata.name(char, "").split(" ")[0] for char in word}
        mixed = sorted(scripts & {"LATIN", "CYRILLIC", "GREEK", "MATHEMATICAL", "FULLWIDTH"})
        if len(mixed) > 1 or "MATHEMATICAL" in mixed:
            kinds = " and ".join(kind.capitalize() for kind in mixed)
            return f'its name has {kinds} letters in one word, "{word}"'
    return ""


def readings(text: str) -> list[str]:
    """A name from a zip archive, and what it says in the other encodings of its bytes."""
    found = [text]
    if text.isascii():
        return found
    for encoding in _ZIP_ENCODINGS:
        # Python reads what is not marked as UTF-8 in CP437, where every byte is some character.
        try:
            found.append(text.encode("cp437").decode(encoding))
        except UnicodeError:
            continue
    return found


def safe_id(name: str) -> str:
    """A name as nbgrader, file systems and URLs accept it.

    It has ASCII letters, digits and ``. _ - @``, and begins with no sign.
    Letters lose their accents; what cannot be written in ASCII is told apart by a short digest.
    """
    plain = unicodedata.normalize("NFKD", name)
    ascii_text = "".join(char for char in plain if not unicodedata.combining(char))
    safe = re.sub(r"[^A-Za-z0-9_.@-]+", "-", ascii_text)
    safe = re.sub(r"\.{2,}", ".", safe).strip("-._@ ")[:60].rstrip("-._@")
    lost = any(char.isalnum() and not char.isascii() for char in ascii_text)
    if not safe or lost:
        return f"{safe or 'student'}-{digest(name)}"
    return safe


def digest(text: str) -> str:
    """Six characters that tell a text from others, however it is composed."""
    composed = unicodedata.normalize("NFC", text)
    return hashlib.sha256(composed.encode("utf-8", "replace")).hexdigest()[:6]


def _words(text: str) -> list[str]:
    """The words without case and accents; none if something in the text cannot be seen."""
    folded = unicodedata.normalize("NFD", text.casefold())
    letters = []
    for char in folded:
        category = unicodedata.category(char)
        if category in ("Cf", "Co", "Cn"):
            return []
        if "\u0300" <= char <= "\u036f":  # accents; marks of other scripts are part of the letter
            continue
        letters.append(char if category[0] in "LMN" else " ")
    return unicodedata.normalize("NFC", "".join(letters)).split()
