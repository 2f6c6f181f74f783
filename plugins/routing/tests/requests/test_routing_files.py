"""Rules as a file: what is written reads the same again; what is no file of rules is refused with why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from parvis.requests.town_names import names_in
from parvis_routing.checking import faults_of
from parvis_routing.kept import ROUTING
from parvis_routing.rules import Rule, Rules, Season
from parvis_rulesets.files import Unreadable, read_file, written_as_file
from parvis_sdk.conditions import All, AtLeast, Includes, Is, Not, OneOfThese, Some
from parvis_sdk.text import Text

RULE = Rule(
    id="a",
    title=Text(fr="Trous « d’été »\n", en='Holes "of summer" \\ \t\x7f'),
    types=("hole", "quarrel"),
    answers=All(
        parts=(
            Is(field="danger", value=True),
            Not(part=OneOfThese(field="n", values=(1, "un", False))),
            Some(parts=(AtLeast(field="n", value=1.5), Includes(field="kinds", value="x"))),
        )
    ),
    words=("fuite de gaz", "gas"),
    times=("night",),
    season=Season(first="11-15", last="04-01"),
    unit="roads",
    persons=("01a21700-0000-7000-8000-000000000000",),
    share="load",
    priority=2,
)


def test_every_part_of_a_rule_reads_the_same_again():
    rules = Rules(rules=(RULE, Rule(id="b", owner="hydro", words=("poteau",))), default="citizens")
    assert read_file(ROUTING, written_as_file(ROUTING, rules).encode()) == rules


@settings(deadline=None)
@given(words=some.lists(some.text(some.characters(codec="utf-8"), max_size=20), max_size=4).map(tuple))
def test_whatever_words_read_the_same_again(words):
    rules = Rules(rules=(Rule(id="a", words=words, unit="roads"),), default="citizens")
    assert read_file(ROUTING, written_as_file(ROUTING, rules).encode()) == rules


def test_a_rule_without_an_id_gets_one_and_two_get_two():
    first, second = read_file(ROUTING, b'default = "x"\n[[rules]]\nunit = "a"\n[[rules]]\nunit = "b"').rules
    assert first.id != second.id != ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff", "utf-8"),
        (b"default = ", "value"),
        (b'[[rules]]\nunit = "a"', "default"),
        (b'default = "x"\n[[rules]]\nunitt = "a"', "unitt"),
        (b'default = "x"\n[[rules]]\nunit = "a"\ntimes = ["dawn"]', "dawn"),
        (b"#" * 500_001, "500000"),
    ],
)
def test_what_is_no_file_of_rules_is_refused_with_why(content, why):
    with pytest.raises(Unreadable, match=why):
        read_file(ROUTING, content)


async def test_what_is_wrong_with_rules_is_said_rule_by_rule(town):
    here = town.host.jurisdictions.jurisdiction("parvis")
    sensitive = Is(field="health", value="x")
    rules = Rules(
        rules=(
            Rule(id="a", unit="roads"),
            Rule(id="a", types=("hole",), unit="nowhere"),
            Rule(id="b", types=("gone",), zones=("gone",), answers=Is(field="gone", value=True), unit="roads"),
            Rule(id="c", types=("hole",), answers=sensitive, unit="roads", priority=7),
            Rule(id="d", words=("x",), season=Season(first="13-01", last="04-01")),
            Rule(id="e", types=("hole",), owner="nobody"),
            RULE,
        ),
        default="nowhere",
    )
    found = [(fault.number, fault.blocks, fault.what.en) for fault in faults_of(rules, names_in(town.host, here))]
    assert (0, True, "There is no unit “nowhere”.") in found
    assert {number for number, blocks, _ in found if blocks} == {0, 1, 2, 4, 5, 6, 7}
    assert [words for number, _, words in found if number == 3] == [
        "The type “gone” is not offered here.",
        "There is no sector “gone”.",
        "No form asks the question “gone”.",
    ]
    assert any("sensitive" in words for number, _, words in found if number == 4)
    assert (
        faults_of(
            Rules(rules=(Rule(id="z", types=("hole",), unit="roads"),), default="roads"), names_in(town.host, here)
        )
        == ()
    )


@pytest.mark.parametrize(
    ("above", "below", "taken"),
    [
        ({"types": ("hole",)}, {"types": ("hole",), "words": ("parc",)}, True),
        ({"types": ("hole", "noise")}, {"types": ("hole",), "times": ("night",)}, True),
        ({"words": ("parc", "banc")}, {"words": ("banc",), "types": ("hole",)}, True),
        ({"types": ("hole",), "words": ("parc",)}, {"types": ("hole",)}, False),
        ({"types": ("hole",)}, {"types": ("hole", "noise")}, False),
        ({"types": ("hole",)}, {"words": ("parc",)}, False),
        ({"types": ("hole",), "season": Season(first="11-15", last="04-01")}, {"types": ("hole",)}, False),
        ({"types": ("hole",), "unit": "nowhere"}, {"types": ("hole",)}, False),
    ],
)
async def test_a_rule_that_one_further_up_leaves_nothing_is_said_to_be_useless(town, above, below, taken):
    here = town.host.jurisdictions.jurisdiction("parvis")
    rules = Rules(
        rules=(Rule(**{"id": "above", "unit": "roads"} | above), Rule(id="below", unit="roads", **below)),
        default="roads",
    )
    found = [
        fault
        for fault in faults_of(rules, names_in(town.host, here))
        if "already covers all its cases" in fault.what.en
    ]
    assert [(fault.number, fault.blocks) for fault in found] == ([(2, False)] if taken else [])
