"""The sample class of Lab 1: who is in it, and what each of them did to the notebook."""

from __future__ import annotations

from autograder.quality.samples import forms
from autograder.quality.samples.kit import Kit, Sample, cell
from autograder.quality.samples.look import as_jupyter

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
PLAIN = (
    "It keeps the key and the bar lines, but the second part forgets the first: the LSTM's state "
    "fades."
)


def noisy(kit: Kit) -> bytes:
    """Right, with a magic, warnings and noise in one answer."""
    return forms.changed({"dense_layer": NOISE + kit.solutions["dense_layer"]})(kit)


def own_cells(kit: Kit) -> bytes:
    """An answer in a cell of its own at the end, and a helper below the cell that uses it."""
    notebook = kit.solved(without=("nats_per_char",))
    cell(notebook, "graph").source = (
        "graph_sum = lambda a, b: a + b\n\n\n"
        "def graph(a, b):\n    return graph_sum(a, b) * minus_one(b)"
    )
    forms.add_cell(notebook, "my-score", kit.solutions["nats_per_char"])
    forms.add_cell(notebook, "my-helper", "def minus_one(b):\n    return b - 1")
    return as_jupyter(notebook)


LAST = {"sample_next": "all", "generate_text": "all"}
FILE = "lab1_music.ipynb"

SAMPLES = [
    Sample("aoife-murphy", FILE, "everything right", forms.perfect(WRITTEN, PLAIN)),
    Sample("bruno-costa", FILE, "the first half done", forms.half(), forms.second_half),
    Sample("chloe-martin", FILE, "untouched", forms.untouched(), forms.everything, untouched=True),
    Sample(
        "dmitri-volkov",
        FILE,
        "the last window is never drawn",
        forms.wrong({"get_batch": "last_start_missing"}, PLAIN),
        {"get_batch": "some"},
    ),
    Sample(
        "elena-rossi",
        "lab1_music-elena.ipynb",
        "probabilities where logits were asked for",
        forms.wrong({"build_model": "softmax", "compute_loss": "logits_as_probabilities"}, PLAIN),
        {"build_model": "some", "compute_loss": "some"},
    ),
    Sample(
        "farid-rahimi",
        FILE,
        "the mean over one axis only, and more",
        forms.wrong(
            {
                "compute_loss": "mean_over_time_only",
                "dense_layer": "relu",
                "sample_next": "multiplied",
                "second_derivative": "none_for_lines",
            },
            PLAIN,
            left_out=("nats_per_char", "generate_text"),
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
    Sample("grace-okafor", FILE, "from Colab", forms.from_colab()),
    Sample(
        "hiro-tanaka",
        "Copy of lab1_music (1).ipynb",
        "a renamed copy, the last tasks left out",
        forms.without(*LAST),
        LAST,
    ),
    Sample(
        "ines-garcia",
        FILE,
        "a first try kept in a copied cell",
        forms.draft_kept("second_derivative", "first_derivative"),
        repaired=True,
    ),
    Sample(
        "jonas-weber",
        "lab1_music_final.ipynb",
        "a check cell deleted",
        forms.deleted_test("graph", {"gradient_descent": "without_start"}),
        {"gradient_descent": "some"},
        repaired=True,
    ),
    Sample(
        "kavya-iyer",
        FILE,
        "an endless loop",
        forms.changed({"vectorize_string": LOOP}),
        {"vectorize_string": "some"},
        states={"vectorize_string": "timeout"},
    ),
    Sample(
        "liam-obrien",
        FILE,
        "ends its own process",
        forms.changed({"gradient_descent": EXIT}),
        {"gradient_descent": "all"},
        states={"gradient_descent": "killed"},
    ),
    Sample("mei-chen", FILE, "right, with warnings and noise", noisy),
    Sample(
        "noah-andersson",
        "Untitled3.ipynb",
        "all grading marks and cell ids lost",
        forms.marks_lost(PLAIN, PLAIN),
        repaired=True,
    ),
    Sample(
        "olga-novak",
        FILE,
        "a download that broke off",
        forms.broken_off(forms.perfect(WRITTEN, PLAIN)),
        status="not gradable",
    ),
    Sample(
        "priya-sharma",
        FILE,
        "other right answers, written ones in Markdown",
        forms.alternatives(WRITTEN, PLAIN),
    ),
    Sample(
        "quentin-dubois",
        FILE,
        "an answer and a helper in cells of their own",
        own_cells,
        repaired=True,
    ),
    Sample(
        "rosa-lopez",
        "lab1_music.pdf",
        "a PDF export",
        lambda kit: forms.PDF,
        status="not gradable",
    ),
    Sample(
        "sam-taylor",
        FILE,
        "nothing solved, the checks rewritten",
        forms.tampered(),
        forms.everything,
        repaired=True,
        untouched=True,
    ),
]
