"""A made-up class of 300 and its downloads: 12 scripts, namesakes, groups, second attempts."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.autograder.tiny import LAB

ZONE = ZoneInfo("Europe/Berlin")
COUNT = 300
PAIRS = 10

GIVEN = (
    "Jane José Zoë Łukasz Søren",
    "Иван Ольга Пётр Юлия Анна",
    "Ελένη Νίκος Μαρία Γιώργος Σοφία",
    "李雷 韩梅梅 王芳 张伟 刘洋",
    "さくら はると ゆい そうた ガク",
    "민준 서연 지후 하은 도윤",
    "محمد فاطمة علي مريم يوسف",
    "דוד שרה יעקב רחל משה",
    "आरव दीया विवान अनन्या हिन्दी",
    "สมชาย สมหญิง มานี ปิติ ชูใจ",
    "অর্ণব মিতা রাহুল সুমি তানিয়া",
    "தமிழ் கவின் மலர் அருண் இனியா",
)
FAMILY = (
    "Doe García Müller Nowak Ørsted",
    "Иванов Петрова Сидоров Ким Ёлкин",
    "Παπάς Νικολάου Δήμου Ρήγα Λάμπρου",
    "赵 钱 孙 周 吴",
    "佐藤 鈴木 高橋 田中 渡辺",
    "김 이 박 최 정",
    "حسن كريم ناصر صالح عمر",
    "כהן לוי מזרחי פרץ ביטון",
    "शर्मा वर्मा गुप्ता सिंह कौर",
    "ใจดี มีสุข รักไทย ทองคำ แสงดาว",
    "দাস সেন রায় পাল ঘোষ",
    "குமார் செல்வம் ராஜன் மணி வேல்",
)


@dataclass(frozen=True)
class Person:
    """One made-up student; ``mark`` is what their notebook alone holds."""

    index: int
    first: str
    last: str
    namesake: bool = False

    @property
    def id(self) -> str:
        return f"s{self.index:04d}"

    @property
    def login(self) -> str:
        return f"u{self.index:04d}"

    @property
    def number(self) -> int:
        return 70_000 + 7 * self.index

    @property
    def email(self) -> str:
        return f"{self.login}@example.org"

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def when(self) -> datetime:
        """Before noon of 1 March 2026, the deadline: nobody is late."""
        return datetime(2026, 3, 1, 1, 0, 0, tzinfo=UTC) + timedelta(seconds=60 * self.index)

    @property
    def here(self) -> datetime:
        return self.when.astimezone(ZONE)


def make_class() -> list[Person]:
    """300 students, of whom 10 pairs have one name."""
    people = []
    for index in range(COUNT - PAIRS):
        script = index % len(GIVEN)
        turn = index // len(GIVEN)
        first = GIVEN[script].split()[turn % 5]
        last = FAMILY[script].split()[turn // 5 % 5]
        people.append(Person(index, first, last, index < PAIRS))
    twins = [Person(COUNT - PAIRS + k, people[k].first, people[k].last, True) for k in range(PAIRS)]
    return [*people, *twins]


PEOPLE = make_class()
GROUPS = {
    "Team Red": PEOPLE[100:103],
    "Team Blue": PEOPLE[110:112],
    "Команда": PEOPLE[120:123],
}
AGAIN = PEOPLE[200:205]
"""They hand in twice; the second one counts."""

Notebook = Callable[[Person | str], bytes]
"""The bytes of the notebook that somebody, or a group, hands in."""


@dataclass
class Download:
    """A download: files by their names, who is in it, and what is known of the time."""

    files: dict[str, bytes | str]
    knows_time: bool = False
    groups: bool = False
    attempts: bool = False
    namesakes: bool = True
    options: dict[str, str] = field(default_factory=dict)

    def zipped(self) -> bytes:
        """A zip whose members have the time of zipping, long after the deadline."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.files.items():
                info = zipfile.ZipInfo(name, (2026, 12, 31, 23, 59, 0))
                archive.writestr(info, data)
        return buffer.getvalue()


OLD = "{ an earlier attempt"


def _canvas(notebook: Notebook) -> Download:
    files: dict[str, bytes | str] = {}
    for p in PEOPLE:
        run = (p.last + p.first).lower()
        files[f"{run}_{p.number}_{90_000 + p.index}_{LAB}.ipynb"] = notebook(p)
    return Download(files)


def _moodle(notebook: Notebook, pattern: str) -> Download:
    files: dict[str, bytes | str] = {}
    for p in PEOPLE:
        files[pattern.format(p.name, 5000 + p.index)] = notebook(p)
        if p.index % 10 == 0:  # an online text beside the file
            text = pattern.replace("_file", "_onlinetext").partition("{1}")[0]
            name = f"{text.format(p.name)}{5000 + p.index}_assignsubmission_onlinetext"
            files[f"{name}/onlinetext.html"] = "<p>Here it is.</p>"
    return Download(files)


def _gradescope(notebook: Notebook) -> Download:
    top = "assignment_4711_export"
    metadata = ["---"]
    files: dict[str, bytes | str] = {}
    in_groups = {p.id: name for name, members in GROUPS.items() for p in members}
    units: list[tuple[list[Person], Person | str]] = [
        ([p], p) for p in PEOPLE if p.id not in in_groups
    ]
    units += [(members, name) for name, members in GROUPS.items()]
    for number, (members, who) in enumerate(units):
        metadata += [f"submission_{number}:", "  :submitters:"]
        for p in members:
            metadata += [f"  - :name: {p.name}", f"    :sid: {p.id}", f"    :email: {p.email}"]
        metadata.append(f"  :created_at: {members[0].when:%Y-%m-%d %H:%M:%S}.000000000 Z")
        files[f"{top}/submission_{number}/{LAB}.ipynb"] = notebook(who)
    files[f"{top}/submission_metadata.yml"] = "\n".join(metadata) + "\n"
    return Download(files, knows_time=True, groups=True)


def _exchange(notebook: Notebook) -> Download:
    files: dict[str, bytes | str] = {}
    for p in PEOPLE:
        files[f"{p.id}+{LAB}+{p.when:%Y-%m-%d %H:%M:%S}.000000 UTC+x/{LAB}.ipynb"] = notebook(p)
    for p in AGAIN:
        files[f"{p.id}+{LAB}+2026-01-01 10:00:00.000000 UTC+y/{LAB}.ipynb"] = OLD
    return Download(files, knows_time=True, attempts=True)


def _blackboard(notebook: Notebook) -> Download:
    files: dict[str, bytes | str] = {}
    for p in PEOPLE:
        head = f"Lab 1_{p.login}_attempt_{p.here:%Y-%m-%d-%H-%M-%S}"
        files[f"{head}.txt"] = f"Name: {p.name} ({p.login})\nAssignment: Lab 1\n"
        files[f"{head}_{LAB}.ipynb"] = notebook(p)
    for p in AGAIN:
        files[f"Lab 1_{p.login}_attempt_2026-01-01-10-00-00_{LAB}.ipynb"] = OLD
    return Download(files, knows_time=True, attempts=True)


def _brightspace(notebook: Notebook) -> Download:
    files: dict[str, bytes | str] = {"index.html": "<html>"}
    for p in PEOPLE:
        folder = f"{p.number}-99 - {p.name} - {p.here:%b} {p.here.day}, {p.here:%Y %I%M %p}"
        files[f"{folder}/{LAB}.ipynb"] = notebook(p)
    for p in AGAIN:
        files[f"{p.number}-99 - {p.name} - Jan 1, 2026 930 AM/{LAB}.ipynb"] = OLD
    return Download(files, knows_time=True, attempts=True)


def _sakai(notebook: Notebook) -> Download:
    files: dict[str, bytes | str] = {"Lab 1/grades.csv": "Display ID,ID\n"}
    for p in PEOPLE:
        top = f"Lab 1/{p.last}, {p.first}({p.login})"
        files[f"{top}/timestamp.txt"] = f"{p.here:%Y%m%d%H%M%S}000"
        files[f"{top}/Submission attachment(s)/{LAB}.ipynb"] = notebook(p)
        files[f"{top}/{p.login}_submissionText.html"] = "<p></p>"
    return Download(files, knows_time=True)


def _ilias(notebook: Notebook) -> Download:
    files: dict[str, bytes | str] = {}
    for p in PEOPLE:
        top = f"Lab 1/{p.last}_{p.first}_{p.login}_{p.number}"
        files[f"{top}/{p.here:%Y%m%d%H%M%S}_{LAB}.ipynb"] = notebook(p)
    for p in AGAIN:
        top = f"Lab 1/{p.last}_{p.first}_{p.login}_{p.number}"
        files[f"{top}/20260101100000_{LAB}.ipynb"] = OLD
    return Download(files, knows_time=True, attempts=True)


def _github(notebook: Notebook) -> Download:
    files: dict[str, bytes | str] = {}
    for p in PEOPLE:
        top = f"tiny-lab-submissions/tiny-lab-{p.login}"
        files[f"{top}/README.md"] = "# Tiny lab\n"
        files[f"{top}/.git/HEAD"] = "ref: refs/heads/main\n"
        files[f"{top}/notebooks/{LAB}.ipynb"] = notebook(p)
    return Download(files)


def _named(notebook: Notebook, pattern: str) -> Download:
    """By names alone, which tell nothing of namesakes."""
    alone = [p for p in PEOPLE if not p.namesake]
    files: dict[str, bytes | str] = {pattern.format(p.name): notebook(p) for p in alone}
    return Download(files, namesakes=False)


def _by_id(notebook: Notebook) -> Download:
    return Download({f"{p.id}/my notebook.ipynb": notebook(p) for p in PEOPLE})


def _canvas_groups(notebook: Notebook) -> Download:
    """Of a group's assignment, with the group's name in the place of a person's."""
    download = _canvas(notebook)
    for number, (group, members) in enumerate(GROUPS.items()):
        for p in members:
            run = (p.last + p.first).lower()
            del download.files[f"{run}_{p.number}_{90_000 + p.index}_{LAB}.ipynb"]
        name = f"{group}_{400 + number}_{95_000 + number}_{LAB}.ipynb"
        download.files[name] = notebook(group)
    download.groups = True
    return download


LAYOUTS: dict[str, Callable[[Notebook], Download]] = {
    "Canvas": _canvas,
    "Canvas groups": _canvas_groups,
    "Moodle folders": lambda n: _moodle(n, "{0}_{1}_assignsubmission_file/" + f"{LAB}.ipynb"),
    "Moodle 3 folders": lambda n: _moodle(n, "{0}_{1}_assignsubmission_file_/x.ipynb"),
    "Moodle flat": lambda n: _moodle(n, "{0}_{1}_assignsubmission_file_" + f"{LAB}.ipynb"),
    "Gradescope": _gradescope,
    "nbgrader exchange": _exchange,
    "Blackboard": _blackboard,
    "Brightspace": _brightspace,
    "Sakai": _sakai,
    "ILIAS": _ilias,
    "GitHub Classroom": _github,
    "Google Classroom": lambda n: _named(n, "{0} - Copy of tiny_lab (3).ipynb"),
    "Google Drive": lambda n: _named(n, "Takeout/Drive/Classroom/Course/Lab/{0}/tiny_lab.ipynb"),
    "a folder per id": _by_id,
}


def _table(header: Iterable[str], rows: Iterable[Iterable[object]], separator: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _group_of(p: Person) -> str:
    return next((name for name, members in GROUPS.items() if p in members), "")


def _canvas_roster() -> bytes:
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lab 1 (12)", "Group"]
    rows: list[list[object]] = [["    Points Possible", "", "", "", "", "44.0", ""]]
    for p in PEOPLE:
        rows.append([f"{p.last}, {p.first}", p.number, p.id, p.login, "A", "", _group_of(p)])
    rows.append(["Student, Test", 1, "", "9f86d081", "A", "", ""])
    return b"\xef\xbb\xbf" + _table(header, rows).encode()


def _moodle_worksheet() -> bytes:
    header = ["Identifier", "Full name", "ID number", "Email address", "Status", "Groups"]
    rows = []
    for p in PEOPLE:
        number = f"Participant {5000 + p.index}"
        rows.append([number, p.name, p.id, p.email, "Submitted for grading", _group_of(p)])
    return _table(header, rows).encode()


def _moodle_participants() -> bytes:
    header = ["Vorname", "Nachname", "ID-Nummer", "E-Mail-Adresse", "Gruppen"]
    rows = [[p.first, p.last, p.id, p.email, _group_of(p)] for p in PEOPLE]
    return ("sep=;\r\n" + _table(header, rows, ";")).encode("utf-16")


def _gradescope_roster() -> bytes:
    header = ["First Name", "Last Name", "SID", "Email", "Role"]
    rows = [[p.first, p.last, p.id, p.email, "Student"] for p in PEOPLE]
    return _table(header, rows).encode()


def _brightspace_roster() -> bytes:
    header = [
        "OrgDefinedId",
        "Username",
        "Last Name",
        "First Name",
        "Email",
        "End-of-Line Indicator",
    ]
    rows = [[f"#{p.id}", f"#{p.login}", p.last, p.first, p.email, "#"] for p in PEOPLE]
    return _table(header, rows).encode("utf-8-sig")


def _blackboard_roster() -> bytes:
    header = ["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability"]
    rows = [[p.last, p.first, p.login, p.id, "", "Yes"] for p in PEOPLE]
    return _table(header, rows, "\t").encode("utf-16")


def _github_roster() -> bytes:
    header = ["identifier", "github_username", "github_id", "name"]
    return _table(header, [[p.id, p.login, p.index, p.name] for p in PEOPLE]).encode()


def _plain_roster() -> bytes:
    rows = [[p.id, p.name, p.email] for p in PEOPLE]
    return _table(["id", "name", "email"], rows).replace("\r\n", "\r").encode()


ROSTERS: dict[str, Callable[[], bytes]] = {
    "Canvas": _canvas_roster,
    "Moodle grading worksheet": _moodle_worksheet,
    "Moodle": _moodle_participants,
    "Gradescope": _gradescope_roster,
    "Brightspace": _brightspace_roster,
    "Blackboard": _blackboard_roster,
    "GitHub Classroom": _github_roster,
    "plain": _plain_roster,
}


def decomposed(text: str) -> str:
    """As macOS writes names."""
    return unicodedata.normalize("NFD", text)


def marked(blank: bytes, who: Person | str) -> bytes:
    """A notebook that says whose it is."""
    notebook = json.loads(blank)
    name = who if isinstance(who, str) else who.id
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double":
            cell["source"] = f"def double(x):\n    return 2 * x  # of {name}"
    return json.dumps(notebook).encode()


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
