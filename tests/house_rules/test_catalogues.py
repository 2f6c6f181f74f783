"""The interface is complete in French, its placeholders are those of the English, and nothing stale is kept."""

import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd%]|\{(\w*)\}")


@pytest.fixture(scope="module")
def distributions(root):
    """The packages that say something of their own, by gettext domain."""
    found = {folder.parent.name: folder.parent for folder in root.glob("*/src/*/locale")}
    found |= {folder.parents[2].name: folder.parent for folder in root.glob("plugins/*/src/*/locale")}
    return found


@pytest.fixture(scope="module")
def said(root, distributions, tmp_path_factory) -> dict[str, Catalog]:
    """What the sources say."""
    folder = tmp_path_factory.mktemp("catalogues")
    return {domain: extracted(root, package, folder / f"{domain}.pot") for domain, package in distributions.items()}


def extracted(root: Path, package: Path, pot: Path) -> Catalog:
    """By the command that CONTRIBUTING names."""
    command = ["pybabel", "-q", "extract", "-F", str(root / "pyproject.toml"), "-o", str(pot), str(package)]
    CommandLineInterface().run(command)
    return read_po(BytesIO(pot.read_bytes()))


@pytest.fixture(scope="module")
def translated(distributions) -> dict[tuple[str, str], Catalog]:
    return {
        (domain, language): read_po(BytesIO(path.read_bytes()), locale=language)
        for domain, package in distributions.items()
        for language in ("fr", "en")
        if (path := package / "locale" / language / "LC_MESSAGES" / f"{domain}.po").is_file()
    }


def test_something_is_said(said):
    assert sum(len(catalogue) for catalogue in said.values()) > 50


def test_every_message_is_translated_into_french(said, translated):
    missing = {domain: _missing(catalogue, translated.get((domain, "fr"))) for domain, catalogue in said.items()}
    assert missing == {domain: [] for domain in said}


def test_translations_have_the_placeholders_of_their_message(translated):
    different = {where: _different(catalogue) for where, catalogue in translated.items()}
    assert different == {where: [] for where in translated}


def test_no_translation_outlives_its_message(said, translated):
    stale = {where: _stale(said[where[0]], catalogue) for where, catalogue in translated.items()}
    assert stale == {where: [] for where in translated}


def test_one_message_is_said_in_one_way(translated):
    """All catalogues are read as one, so the words of one would stand on the pages of another: each has its context."""
    assert _said_in_two_ways(one for (_, language), one in translated.items() if language == "fr") == []


def test_words_planted_in_a_template_and_in_the_code_are_named_until_they_are_translated(root, tmp_path):
    (tmp_path / "bench.py").write_text('said = gettext("A bench is broken")\n', "utf-8")
    page = '{{ ngettext("%(num)s bench", "%(num)s benches", 2) }}{{ pgettext("wood", "Board") }}'
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/bench.html").write_text(page, "utf-8")
    said = extracted(root, tmp_path, tmp_path / "planted.pot")
    counted = ("%(num)s bench", "%(num)s benches")
    french = Catalog(locale="fr")
    assert set(_missing(said, french)) == set(_missing(said, None)) == {"A bench is broken", counted, "Board"}
    french.add("A bench is broken", "")
    french.add(counted, ("%(num)s banc", ""))
    french.add("Board", "Planche")  # of another context
    assert set(_missing(said, french)) == {"A bench is broken", counted, "Board"}
    french = Catalog(locale="fr")
    french.add("A bench is broken", "Un banc est brisé", flags=["fuzzy"])
    french.add(counted, ("%(num)s banc", "%(num)s bancs"))
    french.add("Board", "Planche", context="wood")
    assert _missing(said, french) == ["A bench is broken"]
    french.add("Bench", "Banc")
    assert _stale(said, french) == ["Bench"]
    other = Catalog(locale="fr")
    other.add("Bench", "Établi")
    assert _said_in_two_ways([french, other]) == [("Bench", None)]
    french.add("Sit down, %(name)s", "Assoyez-vous, %(nom)s")
    assert _different(french) == ["Assoyez-vous, %(nom)s"]


def _missing(said: Catalog, french: Catalog | None) -> list[Any]:
    """What has no French, or not in every form, or only a guess at it."""
    there = french or Catalog()
    found = ((each.id, there.get(each.id, each.context)) for each in _messages(said))
    return [id for id, message in found if message is None or not all(_forms(message.string)) or message.fuzzy]


def _different(catalogue: Catalog) -> list[str]:
    """Translations with other placeholders than their message."""
    found = []
    for message in _messages(catalogue):
        *_, most = wanted = [_placeholders(form) for form in _forms(message.id)]
        found += [
            form
            for form in filter(None, _forms(message.string))
            if not min(wanted, key=len) - {"num"} <= _placeholders(form) <= most
        ]
    return found


def _stale(said: Catalog, catalogue: Catalog) -> list[Any]:
    return [each.id for each in _messages(catalogue) if said.get(each.id, each.context) is None]


def _said_in_two_ways(catalogues: Iterable[Catalog]) -> list[Any]:
    ways: dict[tuple[Any, str | None], set[tuple[str, ...]]] = {}
    for message in (each for catalogue in catalogues for each in _messages(catalogue)):
        ways.setdefault((message.id, message.context), set()).add(_forms(message.string))
    return [message for message, found in ways.items() if len(found) > 1]


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _forms(text) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text or "",)


def _placeholders(text: str) -> set[str]:
    return {match[1] or match[2] or match[0] for match in PLACEHOLDER.finditer(text)}
