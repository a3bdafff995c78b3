"""The sample class of Lab 3: who is in it, and what each of them did to the notebook."""

from __future__ import annotations

from autograder.quality.samples import forms
from autograder.quality.samples.kit import Sample

FILE = "lab3_rl.ipynb"

FIRST = (
    "Returns are **normalized** so that about half of the actions become less likely: without it "
    "every action of Cart-Pole is praised, and the gradient is mostly noise."
)
SECOND = "The clip keeps one batch from changing the policy by more than it knows about."

SAMPLES = [
    Sample("hanna-virtanen", FILE, "everything right", forms.perfect(FIRST, SECOND)),
    Sample("ibrahim-diallo", FILE, "the first half done", forms.half(), forms.second_half),
    Sample("julia-novotna", FILE, "untouched", forms.untouched(), forms.everything, untouched=True),
    Sample(
        "kenji-sato",
        "Copy of lab3_rl.ipynb",
        "returns summed from the front, a loss with the other sign",
        forms.wrong({"discount_rewards": "forwards", "policy_loss": "sign"}, FIRST),
        {"discount_rewards": "some", "policy_loss": "all"},
    ),
    Sample(
        "lena-fischer",
        FILE,
        "returns that run on after a point, no clip",
        forms.wrong({"pong_returns": "no_reset", "ppo_loss": "no_clip"}),
        {"pong_returns": "some", "ppo_loss": "some"},
    ),
    Sample(
        "marco-bianchi",
        FILE,
        "a download that broke off",
        forms.broken_off(forms.perfect(FIRST, SECOND)),
        status="not gradable",
    ),
    Sample("nadia-karimi", FILE, "from Colab", forms.from_colab()),
]
