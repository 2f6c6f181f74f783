"""The vocabulary of the code names what is there: nouns, tables, addresses of the API, terms of the glossary."""

import importlib
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from parvis.api.description import document
from parvis.api.routing import every_operation
from parvis.plugins.module_discovery import find_modules
from parvis_testing.glossary import read_glossary

ROOT = Path(__file__).parents[2]
NAMES: list[dict[str, Any]] = msgspec.toml.decode((ROOT / "docs/vocabulary.toml").read_bytes())["name"]
KEYS = {"code", "meaning", "term", "table", "api", "formerly"}


@pytest.fixture(scope="module")
def vocabulary():
    sys.path.insert(0, str(ROOT / "docs/site"))
    try:
        import vocabulary
    finally:
        sys.path.pop(0)
    return vocabulary


@pytest.fixture(scope="module")
def page(vocabulary) -> str:
    return vocabulary.vocabulary()


@pytest.fixture(scope="module")
def in_api() -> set[str]:
    """Addresses, shapes and members of the API."""
    told = document(every_operation(find_modules()), "Parvis", {})
    shapes = told["components"]["schemas"]
    return {*told["paths"], *shapes, *(member for each in shapes.values() for member in each.get("properties", {}))}


def missing(key: str, known: set[str]) -> list[str]:
    return [f"{each['code']}: {each[key]}" for each in NAMES if each.get(key, next(iter(known))) not in known]


def test_every_name_can_be_imported():
    assert len(NAMES) > 60
    assert len({each["code"] for each in NAMES}) == len(NAMES)
    for each in NAMES:
        module, _, noun = each["code"].partition(":")
        assert hasattr(importlib.import_module(module), noun), each["code"]
        assert set(each) <= KEYS
        assert each["meaning"].endswith(".")


def test_its_tables_addresses_and_terms_are_there(vocabulary, in_api):
    assert missing("table", {name for name, *_ in vocabulary.every_table()}) == []
    assert missing("api", in_api) == []
    assert missing("term", set(read_glossary(ROOT / "docs/glossary.toml").terms)) == []


def test_a_name_that_is_gone_is_found(in_api, monkeypatch):
    monkeypatch.setitem(NAMES[0], "api", "/demands")
    assert missing("api", in_api) == [f"{NAMES[0]['code']}: /demands"]


def test_the_page_has_every_name_and_every_table_with_a_sentence(vocabulary, page):
    for each in NAMES:
        assert f"`{each['code'].partition(':')[2]}`" in page
    tables = list(vocabulary.every_table())
    assert len(tables) > 100
    assert len({name for name, *_ in tables}) == len(tables)
    assert [name for name, _, _, meaning in tables if len(meaning) < 12] == []
    assert [name for name, *_ in tables if f"| `{name}` |" not in page] == []
