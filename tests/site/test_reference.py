"""The reference tells all that the code has: each hook, event, fact, name in braces and metric, with a sentence."""

import re
import sys
from pathlib import Path

import msgspec
import pytest

from parvis_canned_replies.ready_texts import NAMES
from parvis_sdk import hooks as sdk_hooks
from parvis_sdk.documents import FILLED
from parvis_sdk.events import Event
from parvis_sdk.message_mistakes import BY_HAND, PLACEHOLDERS, TOLD

ROOT = Path(__file__).parents[2]
SENTENCE = re.compile(r"\w.{8,}")


@pytest.fixture(scope="module")
def happenings():
    sys.path.insert(0, str(ROOT / "docs/site"))
    try:
        import happenings
    finally:
        sys.path.pop(0)
    return happenings


def rows(page: str) -> dict[str, list[str]]:
    """By what stands in the first cell between its marks, the other cells."""
    cells = (re.split(r"(?<!\\) \| ", line.strip("| \n")) for line in page.splitlines() if line.startswith("| "))
    return {found[1]: each[1:] for each in cells if (found := re.search(r"`([^`]+)`", each[0]))}


def tagged(noun: type[Event]) -> set[str]:
    """Each event that can be sent: those below a noun that have a word of their own."""
    own = {str(noun.__struct_config__.tag)} if noun.__struct_config__.tag != noun.__name__ else set()
    return own.union(*(tagged(each) for each in noun.__subclasses__() if each.__module__.startswith("parvis_sdk")))


def test_each_hook_stands_in_it_with_what_it_is_for(happenings):
    told = {name.partition("(")[0]: cells for name, cells in rows(happenings.hooks()).items()}
    assert set(told) == {name for name, value in vars(sdk_hooks).items() if hasattr(value, "parvis_spec")}
    assert [name for name, cells in told.items() if not SENTENCE.match(cells[-1])] == []


def test_each_event_stands_in_it_with_a_sentence_and_its_fields(happenings):
    sections = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", happenings.events(), re.MULTILINE | re.DOTALL))
    words = {word for word in tagged(Event) if not word.isupper() and word.islower()}
    assert set(sections) == words
    for event in happenings.every_event():
        section = sections[event.__struct_config__.tag]
        assert SENTENCE.search(section.partition("`\n")[2])
        own = {each.name for each in msgspec.structs.fields(event)} - {"id", "reference", "at", "actor"}
        assert set(rows(section)) == own


def test_each_fact_of_each_installed_kind_of_part_stands_in_it(happenings, modules):
    told = rows(happenings.facts())
    for kind in happenings.every_kind():
        word = kind.__struct_config__.tag
        assert {f"{word}.CODE.{each}" for each in kind.FACTS} <= set(told)
    assert [name for name, cells in told.items() if not re.search("[a-z]{3}", cells[0]) or "{title}" in cells[0]] == []
    brought = {kind.word for kind in modules.part_kinds()}
    assert {"fee", "review", "document"} <= brought
    assert brought <= {kind.__struct_config__.tag for kind in happenings.every_kind()}


def test_each_name_in_braces_has_words_in_both_languages(happenings):
    names = happenings.placeholders()
    of_facts = {name for kind in happenings.every_kind() for fact in kind.FACTS.values() for name in fact.names}
    assert {where: set(each) for where, each in names.items()} == {
        "message": set(PLACEHOLDERS),
        "by_hand": {"words"},
        "fact": of_facts,
        "document": set(FILLED),
    }
    page = happenings.messages()
    assert all(set(each) == {"en", "fr"} and all(each.values()) for where in names.values() for each in where.values())
    assert all(f"`{{{name}}}`" in page for name in (*PLACEHOLDERS, *of_facts, *FILLED, *NAMES))
    assert set(BY_HAND) < set(TOLD) <= set(rows(page))


def test_each_metric_that_operators_are_told_of_stands_in_it_and_no_other(happenings):
    """The guide is compared with the answer of a host by `test_every_measure_is_told_and_no_other`."""
    guide = re.search(r"^## Measures$(.*?)^## ", (ROOT / "docs/operations.md").read_text("utf-8"), re.M | re.S)
    told = rows(happenings.metrics())
    assert set(told) == set(re.findall(r"^\| `(parvis_\w+)`", guide[1], re.MULTILINE))
    assert [name for name, cells in told.items() if not SENTENCE.match(cells[-1])] == []
