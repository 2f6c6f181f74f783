"""Who gives which opinion in a town, as its file says."""

import re
from pathlib import Path

import pytest

from parvis.jurisdictions import JurisdictionError
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.module_settings import files_of, not_read, zones_named
from parvis.modules import NO_MODULES
from parvis_reviews.town_reviewers import REVIEWERS
from parvis_testing.jurisdictions import small_town as small_town
from parvis_testing.modules import only

GUIDE = (Path(__file__).parents[3] / "docs/towns.md").read_text(encoding="utf-8")
HERITAGE = '[heritage]\nunit = "{unit}"\nzones = ["{zone}"]\n'


@pytest.fixture
def said(small_town):
    """The town whose file says this."""

    def say(text):
        small_town.write("essai/reviewers.toml", text)
        return small_town.load()

    return say


def test_the_example_of_the_guide_is_read(said):
    (example,) = re.findall(r"## reviewers.toml.*?```toml\n(.*?)```", GUIDE, re.DOTALL)
    reviewers = REVIEWERS.of(said(example.replace("citizens", "works")))
    assert reviewers["fire"].email == "prevention@mrc.example"
    assert (reviewers["heritage"].zones, reviewers["engineering"].asked) == (("west",), False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HERITAGE.format(unit="nobody", zone="west"), r"heritage\.unit · 'nobody' is not a unit"),
        (HERITAGE.format(unit="works", zone="moon"), r"heritage\.zones · 'moon' is not a zone"),
        ('[fire]\nemail = "a@b.example"\n', r"fire\.name · is missing"),
        ("[fire]\n", r"fire · names nobody"),
    ],
)
def test_who_names_nobody_or_what_the_town_has_not_is_a_mistake_at_its_place(said, text, told):
    with pytest.raises(JurisdictionError, match=told):
        said(text)


def test_zones_that_another_system_brings_are_looked_up_once_it_has(said):
    town = said(HERITAGE.format(unit="works", zone="west"))
    assert [*zones_named(town, only("reviews"))] == [("reviewers.toml", "heritage", "west")]
    assert [*zones_named(town, NO_MODULES)] == []


def test_without_the_module_the_file_is_read_by_nothing_and_refuses_nothing(small_town):
    small_town.write("essai/reviewers.toml", HERITAGE.format(unit="nobody", zone="moon"))
    jurisdictions = load_jurisdictions(small_town.folder, files_of(NO_MODULES))
    assert any("reviewers.toml" in each.line() for each in not_read(jurisdictions))
