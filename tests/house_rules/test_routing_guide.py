"""The guide of routing names every condition there is, and the file that it shows can be put in force in the demo."""

import re

import pytest
from msgspec import structs

from parvis.example_towns import town_folder
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.requests.town_names import CHANNELS, Names
from parvis_routing.checking import faults_of
from parvis_routing.kept import ROUTING
from parvis_routing.rules import TIMES, Rule
from parvis_routing.sentences import REQUESTERS
from parvis_rulesets.files import read_file, written_as_file

APART = {"id", "title", "share"}  # said in sentences


@pytest.fixture(scope="module")
def guide(root):
    return (root / "docs/routing.md").read_text("utf-8")


def test_every_part_of_a_rule_is_named(guide):
    parts = {field.name for field in structs.fields(Rule)} - APART
    assert {part for part in parts if f"`{part}`" not in guide} == set()
    assert {code for code in (*TIMES, *CHANNELS, *REQUESTERS) if f"`{code}`" not in guide} == set()


def test_the_file_that_is_shown_can_be_put_in_force(guide):
    rules = read_file(ROUTING, re.search(r"```toml\n(.*?)```", guide, re.DOTALL)[1].encode())
    assert len(rules.rules) == 3
    assert read_file(ROUTING, written_as_file(ROUTING, rules).encode()) == rules
    town = load_jurisdictions(town_folder()).jurisdiction("parvis")
    assert [fault for fault in faults_of(rules, Names(town=town, types={})) if fault.blocks] == []
