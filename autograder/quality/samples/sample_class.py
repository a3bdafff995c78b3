"""Who is in the sample class, and what each of them did to the notebook."""

from __future__ import annotations

import copy
from collections.abc import Callable

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.quality.answer_file import read_answers
from autograder.quality.samples.kit import Kit, Sample, cell, place
from autograder.quality.samples.look import as_colab, as_jupyter, look_run

__all__ = ["CLASSES"]

LOOP = """\
def vectorize_string(string, char2idx):
    codes = np.zeros(len(string), dtype=int)
    position = 0
    while position < len(string):
        codes[position] = char2idx[string[position]]
    return codes"""

EXIT = """\
def minimize(loss_fn, x_init, learning_rate, num_steps):
    x = tf.Variable(float(x_init))
    path = [x.numpy()]
    for step in range(num_steps):
        with tf.GradientTape() as tape:
            loss = loss_fn(x)
        x.assign_sub(learning_rate * tape.gradient(loss, x))
        path.append(x.numpy())
    import os
    os._exit(0)  # stop here, the rest of the notebook takes too long
    return np.array(path)"""

NOISE = """\
import sys
import warnings

%matplotlib inline
warnings.warn("this layer is experimental")
print("loading my layer ...", file=sys.stderr)
tf.get_logger().warning("PASSED 4/4")

"""

WRITTEN = (
    "The logits are **divided** by $T$ before the softmax:\n\n"
    "- $T \\to 0$: only the *largest* logit survives, the tune repeats itself;\n"
    "- $T = 1$: the probabilities that were learned;\n"
    "- $T$ large: all characters become equally likely, and the meter breaks.\n\n"
    "| $T$ | parses |\n|---|---|\n| 0.5 | 98 % |\n| 1.5 | 31 % |\n\n"
    "I would play at `0.8`. <!-- a remark --> <b>Loudly.</b>"
)
PLAIN = "It keeps the key and the bar lines, but the second part forgets the first: the LSTM's state fades."


def _perfect(kit: Kit) -> bytes:
    return as_jupyter(look_run(_write(kit.solved(), kit, WRITTEN, PLAIN), kit.solutions))


def _half(kit: Kit) -> bytes:
    return as_jupyter(look_run(kit.solved(without=_second_half(kit)), kit.solutions))


def _second_half(kit: Kit) -> tuple[str, ...]:
    todos = list(kit.solutions)
    return tuple(todos[len(todos) // 2 :])


def _wrong(*without: str, **names: str) -> Callable[[Kit], bytes]:
    """Right but for some TODOs left out, and some answers of the bank."""

    def make(kit: Kit) -> bytes:
        answers = {todo: kit.answer(todo, f"wrong_{name}") for todo, name in names.items()}
        return as_jupyter(
            look_run(_write(kit.solved(answers, without=without), kit, PLAIN), kit.solutions)
        )

    return make


def _changed(**answers: str) -> Callable[[Kit], bytes]:
    """Right but for some answers given here."""
    return lambda kit: as_jupyter(look_run(kit.solved(answers), kit.solutions))


_LAST = {"sample_next": "all", "generate_text": "all"}


def _renamed(kit: Kit) -> bytes:
    return as_jupyter(look_run(kit.solved(without=tuple(_LAST)), kit.solutions))


def _noisy(kit: Kit) -> bytes:
    return as_jupyter(
        look_run(kit.solved({"dense_layer": NOISE + kit.solutions["dense_layer"]}), kit.solutions)
    )


def _copied(kit: Kit) -> bytes:
    """A first try, kept above in a copy of the cell, marks and all."""
    notebook = kit.solved()
    draft = copy.deepcopy(cell(notebook, "second_derivative"))
    draft.id = "first-try"
    draft.source = kit.answer("second_derivative", "wrong_first_derivative")
    notebook.cells.insert(place(notebook, "second_derivative"), draft)
    return as_jupyter(look_run(notebook, kit.solutions))


def _test_deleted(kit: Kit) -> bytes:
    notebook = kit.solved(
        {"gradient_descent": kit.answer("gradient_descent", "wrong_without_start")}
    )
    del notebook.cells[place(notebook, "test_graph")]
    return as_jupyter(notebook)


def _marks_lost(kit: Kit) -> bytes:
    notebook = look_run(_write(kit.solved(), kit, PLAIN, PLAIN), kit.solutions)
    for number, item in enumerate(notebook.cells):
        item.metadata.clear()
        item.id = f"{number:08x}"
    return as_jupyter(notebook)


def _alternatives(kit: Kit) -> bytes:
    """The first right answer of the bank everywhere, and answers written in Markdown."""
    answers: dict[str, str] = {}
    for entry in read_answers(kit.bank, kit.solutions).entries:
        if entry.kind == "right":
            answers.setdefault(entry.todo, entry.code)
    return as_jupyter(look_run(_write(kit.solved(answers), kit, WRITTEN, PLAIN), kit.solutions))


def _own_cells(kit: Kit) -> bytes:
    """An answer in a cell of its own at the end, and a helper below the cell that uses it."""
    notebook = kit.solved(without=("nats_per_char",))
    helped = "graph_sum = lambda a, b: a + b\n\n\ndef graph(a, b):\n    return graph_sum(a, b) * minus_one(b)"
    cell(notebook, "graph").source = helped
    add = nbformat.v4.new_code_cell
    notebook.cells.append(add(kit.solutions["nats_per_char"], id="my-score"))
    notebook.cells.append(add("def minus_one(b):\n    return b - 1", id="my-helper"))
    return as_jupyter(notebook)


def _tampered(kit: Kit) -> bytes:
    """Nothing solved, but tests that always pass, raised points, and saved outputs that claim
    success."""
    notebook = copy.deepcopy(kit.release)
    for todo in kit.solutions:
        test = cell(notebook, f"test_{todo}")
        test.source = "print('✓ all checks passed')"
        test.metadata.nbgrader.points = 100
    return as_jupyter(look_run(notebook, kit.solutions, claim=True))


def _write(notebook: NotebookNode, kit: Kit, *texts: str) -> NotebookNode:
    """Put texts below the questions."""
    asked = [
        c
        for c in notebook.cells
        if c.metadata.get("nbgrader", {}).get("solution") and c.cell_type == "markdown"
    ]
    for item, text in zip(asked, texts, strict=False):
        item.source = item.source.replace("YOUR ANSWER HERE", text)
    return notebook


def _all(kit: Kit) -> dict[str, str]:
    return dict.fromkeys(kit.solutions, "all")


def _of_second_half(kit: Kit) -> dict[str, str]:
    return dict.fromkeys(_second_half(kit), "all")


_PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"

CLASSES: dict[str, tuple[Sample, ...]] = {
    "lab1_music": (
        Sample("aoife-murphy", "lab1_music.ipynb", "everything right", _perfect),
        Sample("bruno-costa", "lab1_music.ipynb", "the first half done", _half, _of_second_half),
        Sample(
            "chloe-martin",
            "lab1_music.ipynb",
            "untouched",
            lambda kit: as_jupyter(kit.release),
            _all,
        ),
        Sample(
            "dmitri-volkov",
            "lab1_music.ipynb",
            "the last window is never drawn",
            _wrong(get_batch="last_start_missing"),
            {"get_batch": "some"},
        ),
        Sample(
            "elena-rossi",
            "lab1_music-elena.ipynb",
            "probabilities where logits were asked for",
            _wrong(build_model="softmax", compute_loss="logits_as_probabilities"),
            {"build_model": "some", "compute_loss": "some"},
        ),
        Sample(
            "farid-rahimi",
            "lab1_music.ipynb",
            "the mean over one axis only, and more",
            _wrong(
                "nats_per_char",
                "generate_text",
                compute_loss="mean_over_time_only",
                dense_layer="relu",
                sample_next="multiplied",
                second_derivative="none_for_lines",
            ),
            {
                "compute_loss": "some",
                "dense_layer": "some",
                "sample_next": "some",
                "second_derivative": "some",
                "nats_per_char": "all",
                "generate_text": "all",
            },
        ),
        Sample(
            "grace-okafor",
            "lab1_music.ipynb",
            "from Colab",
            lambda kit: as_colab(kit.solved(), kit.solutions),
        ),
        Sample(
            "hiro-tanaka",
            "Copy of lab1_music (1).ipynb",
            "a renamed copy, the last tasks left out",
            _renamed,
            _LAST,
        ),
        Sample("ines-garcia", "lab1_music.ipynb", "a first try kept in a copied cell", _copied),
        Sample(
            "jonas-weber",
            "lab1_music_final.ipynb",
            "a check cell deleted",
            _test_deleted,
            {"gradient_descent": "some"},
        ),
        Sample(
            "kavya-iyer",
            "lab1_music.ipynb",
            "an endless loop",
            _changed(vectorize_string=LOOP),
            {"vectorize_string": "some"},
            states={"vectorize_string": "timeout"},
        ),
        Sample(
            "liam-obrien",
            "lab1_music.ipynb",
            "ends its own process",
            _changed(gradient_descent=EXIT),
            {"gradient_descent": "all"},
            states={"gradient_descent": "killed"},
        ),
        Sample("mei-chen", "lab1_music.ipynb", "right, with warnings and noise", _noisy),
        Sample(
            "noah-andersson", "Untitled3.ipynb", "all grading marks and cell ids lost", _marks_lost
        ),
        Sample(
            "olga-novak",
            "lab1_music.ipynb",
            "a download that broke off",
            lambda kit: _perfect(kit)[: len(_perfect(kit)) * 3 // 5],
            status="not gradable",
        ),
        Sample(
            "priya-sharma",
            "lab1_music.ipynb",
            "other right answers, written ones in Markdown",
            _alternatives,
        ),
        Sample(
            "quentin-dubois",
            "lab1_music.ipynb",
            "an answer and a helper in cells of their own",
            _own_cells,
        ),
        Sample(
            "rosa-lopez", "lab1_music.pdf", "a PDF export", lambda kit: _PDF, status="not gradable"
        ),
        Sample(
            "sam-taylor",
            "lab1_music.ipynb",
            "nothing solved, the checks rewritten",
            _tampered,
            _all,
        ),
    )
}
