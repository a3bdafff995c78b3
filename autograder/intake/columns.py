"""What LMSs call the columns of their tables, and which LMS a table is from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.intake.names import equal_key

__all__ = ["COLUMNS", "TELLING", "columns_of", "kind_of"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "sid": (
        "student id",
        "sis user id",
        "sid",
        "id number",
        "student number",
        "matriculation number",
        "matrikelnummer",
        "user sis id",
        "sis id",
        "org defined id",
        "orgdefinedid",
        "idnumber",
        "id-nummer",
    ),
    "identifier": ("identifier",),
    "login": (
        "sis login id",
        "login id",
        "username",
        "user name",
        "login",
        "benutzername",
        "nutzername",
        "anmeldename",
        "nom d'utilisateur",
        "nombre de usuario",
    ),
    "github": ("github username", "github_username"),
    "email": ("email address", "e-mail", "email", "e-mail-adresse", "mail", "adresse de courriel"),
    "name": (
        "full name",
        "name",
        "student",
        "vollständiger name",
        "nom complet",
        "nombre completo",
    ),
    "first": ("first name", "firstname", "given name", "vorname", "prénom", "nombre"),
    "last": ("last name", "lastname", "surname", "family name", "nachname", "nom", "apellido(s)"),
    "number": ("id",),
    "group": ("group", "groups", "group name", "team", "gruppe", "gruppen"),
    "when": (
        "submission date",
        "submission time",
        "submitted at",
        "submitted",
        "handed in",
        "last modified (submission)",
        "zuletzt geändert (abgabe)",
        "dernière modification (travail remis)",
        "dernière modification (remise)",
        "última modificación (entrega)",
        "última modificación (envío)",
        "ultima modifica (consegna)",
        "última modificação (envio)",
        "laatst gewijzigd (inzending)",
    ),
    "assignment": ("assignment name", "assignment title", "assignment"),
}
"""What is read -> how LMSs call the column, in order of preference (lower case)."""

TELLING = frozenset(("sid", "identifier", "login", "number", "email", "github"))
"""One of these a roster must have."""


def kind_of(header: Iterable[str]) -> str:
    """The LMS whose columns these are."""
    names = {_plain(name) for name in header}
    for kind, needed in (
        ("Canvas", {"student", "id", "section"}),
        ("Canvas groups", {"canvas_user_id", "user_id"}),
        ("Canvas submissions", {"user_id", "submission date"}),
        ("Canvas submissions", {"user_id", "submitted at"}),
        ("Canvas submissions", {"name", "id", "sis id"}),
        ("Moodle grading worksheet", {"identifier", "full name"}),
        ("GitHub Classroom", {"identifier", "github_username"}),
        ("Brightspace", {"orgdefinedid"}),
        ("Blackboard", {"username", "student id", "availability"}),
        ("Gradescope", {"sid", "email"}),
        ("Moodle", {"id number", "email address"}),
        ("Moodle", {"id-nummer", "e-mail-adresse"}),
    ):
        if needed <= names:
            return kind
    return "plain"


def columns_of(header: Sequence[str], kind: str) -> dict[str, str]:
    """What is read -> the column's name in the file."""
    plain = {_plain(name): name for name in reversed(header)}
    found = {}
    for what, names in COLUMNS.items():
        for name in names:
            if name in plain:
                found[what] = plain[name]
                break
    if kind == "plain" and "student" in plain and not (TELLING - {"email"}) & set(found):
        found["sid"] = found.pop("name")  # "student" stands for the id where nothing else does
    if kind == "Canvas submissions":
        found["number"] = plain.get("user_id", plain.get("id", ""))
        # Here it is no login, as it is elsewhere.
        if found.get("login") == plain.get("user name", ""):
            found["name"] = found.pop("login")
    if kind == "Canvas groups":
        found |= {"number": plain["canvas_user_id"], "sid": plain["user_id"]}
        found |= {"login": plain["login_id"]} if "login_id" in plain else {}
    return found


def _plain(name: str) -> str:
    """A column's name without what LMSs add to it."""
    name = equal_key(name).replace("_", " ") if "github" not in name.lower() else equal_key(name)
    name = {"canvas user id": "canvas_user_id", "user id": "user_id", "login id": "login id"}.get(
        name, name
    )
    return name.strip("#* ")
