"""Ready checklists of a town, read from their file."""

import pytest

from parvis.territory import TerritoryError

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
    lists = small_town.load().checklists
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
    with pytest.raises(TerritoryError, match=told):
        small_town.load()
