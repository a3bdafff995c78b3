"""Lab 1: what its filled notebook shows."""

from __future__ import annotations

import pytest

from tests.labs.outputs import outputs


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_tunes_are_seen_and_heard(run_filled):
    """Sheet music is drawn as SVG, and audio plays in the page without any file or program beside it."""
    pages = outputs(run_filled("lab1_music"), "text/html")
    assert any("data:image/svg+xml;base64," in page for page in pages)
    assert any("<audio" in page and "data:audio/wav;base64," in page for page in pages)
