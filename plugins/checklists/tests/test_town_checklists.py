"""Ready checklists of a town, read from their file."""

import re
from pathlib import Path

import pytest

from parvis.jurisdictions import JurisdictionError
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.jurisdictions.town_files import Offer
from parvis.module_settings import files_of, loose_ends_of, not_read
from parvis.modules import NO_MODULES
from parvis_checklists.town_checklists import CHECKLISTS
from parvis_testing.jurisdictions import small_town as small_town
from parvis_testing.modules import only

GUIDE = (Path(__file__).parents[3] / "docs/towns.md").read_text(encoding="utf-8")
LISTS = """
[crew]
title = { fr = "Avant d’envoyer une équipe", en = "Before sending a crew" }
types = ["pothole"]
items = [{ fr = "Photos regardées", en = "Photos looked at" }, "OK"]

[any]
title = "Vérifications"
items = ["Lu"]
"""


def test_lists_are_offered_for_their_types_in_the_order_of_the_file(small_town):
    small_town.write("essai/checklists.toml", LISTS)
    lists = CHECKLISTS.of(small_town.load())
    assert [each.code for each in lists if each.is_for("pothole")] == ["crew", "any"]
    assert [each.code for each in lists if each.is_for("noise")] == ["any"]
    assert [words.to("en") for words in lists[0].items] == ["Photos looked at", "OK"]


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ("[]", r"crew\.items · is empty"),
        ('"Lu"', r"crew\.items · is a text"),
        ("[3]", r"crew\.items\[1\] · is a number"),
        ('[{ en = "Read" }]', r"crew\.items\[1\] · has no French"),
        ('[""]', r"crew\.items\[1\] · is a text"),
    ],
)
def test_a_list_without_lines_is_a_mistake_that_names_its_place(small_town, items, told):
    small_town.write("essai/checklists.toml", f'[crew]\ntitle = "A"\nitems = {items}\n')
    with pytest.raises(JurisdictionError, match=told):
        small_town.load()


def test_the_example_of_the_guide_is_read(small_town):
    (example,) = re.findall(r"## checklists.toml.*?```toml\n(.*?)```", GUIDE, re.DOTALL)
    small_town.write("essai/checklists.toml", example)
    assert [len(each.items) for each in CHECKLISTS.of(small_town.load())] == [2]


def test_a_list_for_a_type_that_nobody_brings_is_a_loose_end(small_town):
    small_town.write("essai/checklists.toml", LISTS)
    modules = only("checklists")
    jurisdictions = load_jurisdictions(small_town.folder, files_of(modules))
    [end] = loose_ends_of(jurisdictions, modules, Offer())
    assert end.line().startswith("essai/checklists.toml · crew · 'pothole' is not an installed type")


def test_without_the_module_the_file_is_read_by_nothing_and_refuses_nothing(small_town):
    small_town.write("essai/checklists.toml", LISTS)
    jurisdictions = load_jurisdictions(small_town.folder, files_of(NO_MODULES))
    assert any("checklists.toml" in each.line() for each in not_read(jurisdictions))
