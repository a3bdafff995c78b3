"""The sample class of Lab 5: who is in it, and what each of them did to the notebook."""

from __future__ import annotations

from autograder.quality.samples import forms
from autograder.quality.samples.kit import Sample

FILE = "lab5_scratch.ipynb"

CAUSES = (
    "1. **A kink**: a ReLU that switches within eps. Smaller `eps`, or another input: it is gone.\n"
    "2. **float32** somewhere: the error follows a V when `eps` changes.\n"
    "3. A real **bug** at this weight: it stays, whatever `eps` and input are."
)
SETTING = (
    "`playground(make_network, data='gauss', noise=1.0, train_share=0.1, layers=(8, 8))`: 0.002 in "
    "training, 1.06 held out. Few noisy points, many weights. With `l2=0.1`: 0.19 and 0.18."
)

LOOP = """\
def he_weights(sizes, rng):
    pairs = []
    layer = 0
    while layer < len(sizes) - 1:
        W = rng.normal(0, np.sqrt(2 / sizes[layer]), (sizes[layer], sizes[layer + 1]))
        pairs.append((W, np.zeros(sizes[layer + 1])))
        del pairs[:-9]
    return pairs"""

LAST = {"rnn": "all", "clip": "all", "tf_step": "all"}

SAMPLES = [
    Sample("amara-nwosu", FILE, "everything right", forms.perfect(CAUSES, SETTING)),
    Sample(
        "bilal-haddad",
        "lab5_scratch.pdf",
        "a PDF export",
        lambda kit: forms.PDF,
        status="not gradable",
    ),
    Sample("carla-mendes", FILE, "untouched", forms.untouched(), forms.everything, untouched=True),
    Sample(
        "daan-bakker",
        FILE,
        "overlapping windows overwrite each other",
        forms.wrong({"max_pool": "overwrites"}, CAUSES),
        {"max_pool": "some"},
    ),
    Sample(
        "eszter-nagy",
        "lab5_scratch-eszter.ipynb",
        "means on the way back, decay of biases, no future",
        forms.wrong({"affine": "mean", "network": "decays_biases", "rnn": "no_future"}, CAUSES),
        {"affine": "some", "network": "some", "rnn": "some"},
    ),
    Sample("finn-larsen", FILE, "from Colab", forms.from_colab()),
    Sample(
        "giulia-conti",
        "Copy of lab5_scratch (1).ipynb",
        "the second session left out",
        forms.without(*LAST),
        LAST,
    ),
    Sample(
        "haruka-ito",
        FILE,
        "a first try kept in a copied cell",
        forms.draft_kept("softmax_loss", "no_shift"),
        repaired=True,
    ),
    Sample(
        "ivan-petrov",
        "lab5_final.ipynb",
        "a check cell deleted, and two mistakes",
        forms.deleted_test("relu", {"momentum": "nesterov", "clip": "each"}),
        {"momentum": "some", "clip": "some"},
        repaired=True,
    ),
    Sample(
        "juana-flores",
        FILE,
        "an endless loop",
        forms.changed({"he_weights": LOOP}),
        {"he_weights": "all"},
        states={"he_weights": "timeout"},
    ),
    Sample(
        "kwame-mensah",
        "Untitled1.ipynb",
        "all grading marks and cell ids lost",
        forms.marks_lost(CAUSES, SETTING),
        repaired=True,
    ),
    Sample(
        "lena-fischer",
        FILE,
        "other right answers, written ones in Markdown",
        forms.alternatives(CAUSES, SETTING),
    ),
]
