"""ABC as text: cleaning, splitting, comparing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.music.notation import (
    clean_tune,
    default_length,
    join_tunes,
    normal_body,
    raw_tunes,
    split_header,
    split_tunes,
)
from tests.labkit.music.examples import JIG, REEL

BOOK = """% a tune book

X: 1
T: First Title
T: Second Title
C: somebody
M:6/8
R:SlipJig
Z: "typed by me"
K: G   % a comment
"G"GAB !trill!dBG | \\
+GB+3 G3 |]
W: words
X: 2
T:No length
M:2/4
K:D
d2 f2|
M:3/4
"^slow"a2 b2 c'2||

X:3
T:No key
M:C
X:4
T:No notes
M:C
K:G

"""


def test_every_tune_of_a_book_is_found_once():
    """Each X: begins a tune, also without a blank line before it; the text before the first is
    none."""
    assert [tune.splitlines()[0] for tune in raw_tunes(BOOK)] == ["X: 1", "X: 2", "X:3", "X:4"]
    assert len(raw_tunes(BOOK.replace("\n", "\r\n"))) == 4


def test_cleaning_keeps_the_header_and_the_music():
    """Six header fields in a fixed order, the standard's default length, and a body without quoted
    text."""
    first, second, *rest = map(clean_tune, raw_tunes(BOOK))
    assert first == "X:1\nT:First Title\nM:6/8\nL:1/8\nR:slip jig\nK:G\nGAB dBG |\n[GB]3 G3 |]"
    assert second == "X:2\nT:No length\nM:2/4\nL:1/16\nK:D\nd2 f2|\nM:3/4\na2 b2 c'2||"
    assert rest == ["", ""]


@pytest.mark.parametrize(
    ("meter", "length"),
    [("2/4", "1/16"), ("3/4", "1/8"), ("6/8", "1/8"), ("C", "1/8"), ("", "1/8")],
)
def test_default_length(meter, length):
    """ABC 2.1, 3.1.7: meters under 0.75 have sixteenths, others eighths."""
    assert default_length(meter) == length


def test_split_is_the_inverse_of_join():
    """What is joined to train on is found again, every tune once."""
    assert split_tunes(join_tunes([JIG, REEL, JIG])) == [JIG, REEL, JIG]
    assert split_tunes(join_tunes([JIG, REEL]).replace("\n", "\r\n")) == [JIG, REEL]


def test_tunes_in_generated_text():
    """Text before, between and after tunes does no harm; a tune that was cut off does not count."""
    assert split_tunes(
        f"GAB|\n\n{JIG}\nX:7\nT:broken\nK:G\n\n\nabc\n\n{REEL}\n\nX:9\nT:half\nM:C\nK:G\nGA"
    ) == [
        JIG,
        REEL,
    ]
    assert split_tunes(JIG) == [JIG]
    assert split_tunes(JIG[:-4]) == []
    assert split_tunes(f"{JIG}\n{REEL}") == [JIG, REEL]
    assert split_tunes("") == []


def test_the_same_music_has_the_same_body():
    """Number, title, layout, slurs, ornaments and grace notes do not make another tune; notes and
    rhythm do."""
    other = (
        JIG.replace("X:1", "X:77").replace("A Jig", "The Jig").replace("GAB dBG", "(GA~B {c}d.BG) ")
    )
    assert normal_body(other) == normal_body(JIG)
    assert normal_body(JIG.replace("|c>", "|\nc>")) == normal_body(JIG)
    assert normal_body(JIG.replace("dBG", "dBA")) != normal_body(JIG)
    assert normal_body(JIG.replace("(3BcB", "BcB")) != normal_body(JIG)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=300))
def test_any_text_can_be_read(text):
    """Nothing that a model writes makes these functions fail; found tunes are complete."""
    for tune in split_tunes(f"X:1\n{text}") + split_tunes(f"{JIG}{text}\n\nX:{text}"):
        fields, body = split_header(tune)
        assert "K" in fields
        assert body
    clean_tune(f"X:1\nT:a\nM:C\nK:G\n{text}")
    normal_body(text)
