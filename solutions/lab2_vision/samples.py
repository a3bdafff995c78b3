"""The sample class of Lab 2: who is in it, and what each of them did to the notebook."""

from __future__ import annotations

from autograder.quality.samples import forms
from autograder.quality.samples.kit import Sample

FILE = "lab2_vision.ipynb"

FIRST = (
    "A kernel is used at every place of the picture: nine weights see what a dense layer would "
    "need thousands for, and a digit that moves by a pixel is still found."
)
SECOND = (
    "Rare faces are drawn more often, by how rare their **latent** variables are, not by labels."
)

SAMPLES = [
    Sample("anna-schmidt", FILE, "everything right", forms.perfect(FIRST, SECOND)),
    Sample("ben-haddad", FILE, "the first half done", forms.half(), forms.second_half),
    Sample("clara-nilsen", FILE, "untouched", forms.untouched(), forms.everything, untouched=True),
    Sample(
        "diego-ramos",
        "lab2_diego.ipynb",
        "a kernel turned over, probabilities where logits were asked for",
        forms.wrong({"convolve2d": "flipped", "cnn_model": "softmax"}, FIRST),
        {"convolve2d": "some", "cnn_model": "some"},
    ),
    Sample(
        "emeka-obi",
        FILE,
        "no mask for faces, rare faces not preferred",
        forms.wrong({"debiasing_loss": "no_mask", "sample_probabilities": "not_inverted"}),
        {"debiasing_loss": "some", "sample_probabilities": "some"},
    ),
    Sample(
        "fatima-zahra",
        FILE,
        "a download that broke off",
        forms.broken_off(forms.perfect(FIRST, SECOND)),
        status="not gradable",
    ),
    Sample("goran-petrov", FILE, "from Colab", forms.from_colab()),
]
