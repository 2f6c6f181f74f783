"""What figures mean is said once, in both languages, and the guide says the same."""

from pathlib import Path

import pytest

from parvis_dashboards.definitions import DEFINITIONS

GUIDE = Path(__file__).parents[3] / "docs" / "figures.md"


@pytest.mark.parametrize("code", DEFINITIONS)
def test_the_guide_says_what_stands_beside_each_figure(code):
    each = DEFINITIONS[code]
    assert f"| {each.title.en} | {each.title.fr} | {each.meaning.en} |" in GUIDE.read_text("utf-8").splitlines()
    assert (each.meaning.fr[-1], each.meaning.en[-1]) == (".", ".")
