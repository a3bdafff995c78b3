"""Rows 50-66 and their neighbours: submissions that want a mark, a secret, or the machine.

An attack that comes through gives the right answer and so would earn points; one that does not
gives a wrong one.
"""

from __future__ import annotations

from typing import Any

import nbformat

from tests.attacks.desk import Desk, cell, place
from tests.attacks.rows import Files, Row, answers, from_notebook, hostile

__all__ = ["ROWS"]

RIGHT = "def double(x):\n    return np.asarray(x) * 2.0\n"
DIES_WHEN_RUN_AGAIN = 'import os\nif "_probes" not in globals():  # no test has been run in this kernel\n    os._exit(9)\n'


def _stored_objects(desk: Desk) -> Files:
    objects = dict.fromkeys(
        ("model.pkl", "weights.h5", "model.keras", "saved_model.pb", "helper.py"), b"\x80\x04."
    )
    return {**answers(double="stored_objects.py")(desk), **objects}


def _hopes_for_the_reference(notebook: Any, desk: Desk) -> None:
    """A wrong answer that cannot be run again, and after it a cell that ends the kernel."""
    cell(notebook, "total").source = DIES_WHEN_RUN_AGAIN + "def total(x):\n    return 0.0\n"
    killer = nbformat.v4.new_code_cell("class Ends:\n    __import__('os')._exit(1)", id="killer")
    notebook.cells.insert(place(notebook, "total") + 1, killer)


def _markup_everywhere(desk: Desk) -> Files:
    text = "<script>alert('LEAK-page')</script> <iframe src=javascript:alert(1)> [x](javascript:1)"
    return answers(double="markup.py", why=text)(desk)


FRAMES, KERNEL, RECORDS = "other code's frames", "reaches for the kernel", "the records of the test"
PROCESSES, MEMORY, FILES = "processes and signals", "reaches for memory", "files of the grader"

ROWS = [
    hostile("50", "search of memory for expected values", "search_expected.py", incident=FRAMES),
    hostile(
        "51",
        "hidden inputs in everything that might be shown",
        "print_inputs.py",
        incident="a case that the test does not have",
    ),
    hostile(
        "52", "an array that lies about everything", "liar.py", incident="what it is compared by"
    ),
    hostile(
        "52b", "numbers that lie", "liar_scalar.py", todo="total", incident="what it is compared by"
    ),
    hostile(
        "53", "comparisons patched away", "patch_comparisons.py", incident="the code of later cells"
    ),
    hostile(
        "53b",
        "later cells rewritten by transformers and hooks",
        "rewrite_tests.py",
        incident=KERNEL,
    ),
    hostile(
        "54",
        "forged scores",
        "forge_score.py",
        incident="values outside its test",
    ),
    hostile("55", "writing gradebook, results, solutions", "write_elsewhere.py", incident=FILES),
    hostile("56", "reading solutions, keys, other students", "read_others.py", incident=FILES),
    hostile("57", "every way to the network", "network.py", incident="reaches for the network"),
    hostile("58", "fork bomb", "fork_bomb.py", incident=PROCESSES),
    hostile(
        "58b", "thread bomb", "thread_bomb.py", incident="", states={"double": "error"}, outcome="B"
    ),
    hostile("58c", "zombies", "zombies.py", incident=PROCESSES),
    hostile("59", "signals to everybody", "kill_others.py", incident=PROCESSES),
    hostile("60", "environment, arguments and memory of others", "read_proc.py", incident=FILES),
    Row("61", "markup in output, code and text", "A", _markup_everywhere),
    Row(
        "62", "a name that is a formula", "A", answers(), student='=HYPERLINK("http:..x";"a,b")\n+1'
    ),
    Row(
        "63",
        "fake lines of a log",
        "B",
        answers(double="fake_log.py"),
        {"double": 0.0},
        {"double": "incorrect"},
    ),
    Row(
        "64",
        "stored objects",
        "D",
        _stored_objects,
        {"double": 0.0},
        incident="reaches for stored objects",
    ),
    Row(
        "65",
        "fitted to the visible inputs",
        "B",
        answers(double="overfit.py"),
        {"double": 0.0},
        {"double": "incorrect"},
    ),
    Row(
        "66",
        "guessing by time and digests",
        "B",
        answers(double="guess_by_time.py"),
        {"double": 0.0},
    ),
    hostile("102", "a bomb for later TODOs", "time_bomb.py", incident=PROCESSES),
    Row(
        "103",
        "a right answer that ends the process when the next one comes",
        "D",
        answers(double="time_bomb_right.py"),
        {"total": 0.0},
        {"double": "correct", "total": "killed"},
        incident="total: the process ended",
    ),
    hostile(
        "104",
        "descriptors closed",
        "close_descriptors.py",
        incident="process ended",
        states={"double": "killed"},
    ),
    hostile("105", "descriptors crossed", "cross_descriptors.py", incident="process ended"),
    hostile(
        "106",
        "reports twice and in another order",
        "forge_reports.py",
        incident="values of its own",
    ),
    hostile("107", "says that the cell has ended", "forge_idle.py", incident=KERNEL),
    hostile("108", "a message whose parts never end", "raw_frames.py", incident="process ended"),
    hostile("109", "a message of 40 MB", "giant_message.py", incident="process ended"),
    hostile(
        # Time or the flood's limit ends it, whichever comes first on this machine.
        "110",
        "a flood of messages",
        "many_messages.py",
        incident=KERNEL,
    ),
    hostile("111", "messages that are none", "odd_messages.py", incident=KERNEL),
    hostile("112", "traces every line", "trace_frames.py", incident=FRAMES),
    hostile(
        "113", "other modules in the place of ours", "poison_modules.py", incident="loaded modules"
    ),
    hostile("114", "patched reports", "patch_probes.py", incident=RECORDS),
    hostile("115", "patched messages", "patch_json.py", incident=KERNEL),
    hostile("116", "a kernel in which nothing works", "no_builtins.py", incident="loaded modules"),
    hostile("117", "memory in four children", "hoard_in_children.py", incident="too much memory"),
    hostile("118", "memory that nobody is charged for", "hoard_shared.py", incident=MEMORY),
    hostile("119", "memory in sockets", "hoard_sockets.py", incident="too many connections"),
    hostile(
        "120", "every folder filled", "fill_disk.py", incident=FILES, states={"double": "error"}
    ),
    Row(
        "121",
        "60,000 empty files",
        "B",
        answers(double="many_files.py"),
        {"double": 0.0},
        {"double": "error"},
    ),
    hostile("122", "core dump", "core_dump.py", incident="segmentation fault"),
    hostile("123", "stops and kills itself and everybody", "stop_yourself.py", incident=PROCESSES),
    hostile(
        "124",
        "alarms whose handlers never return",
        "alarms.py",
        incident=PROCESSES,
        states={"double": "timeout"},
    ),
    hostile("125", "the folder shared with the grader", "use_socket_folder.py", incident=FILES),
    hostile("126", "what only an administrator may do", "escape.py", incident=MEMORY),
    hostile(
        "127", "waits for the reference answer", "steal_reference.py", incident="loaded modules"
    ),
    Row(
        "128",
        "hopes that the reference is tested in its place",
        "D",
        from_notebook(_hopes_for_the_reference),
        {"total": 0.0},
        {"total": "killed"},
        incident="behaved differently",
    ),
    Row(
        "129",
        "right, but cannot be run again",
        "D",
        answers(
            total=DIES_WHEN_RUN_AGAIN + "def total(x):\n    return float(np.sum(double(x)))\n",
            dice="import os\nos._exit(1)",
        ),
        {"dice": 0.0},
        {"total": "correct", "dice": "killed"},
        incident="behaved differently",
    ),
]
