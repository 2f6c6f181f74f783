"""The interface is complete in French, its placeholders are those of the English, and nothing stale is kept."""

import re
from io import BytesIO

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
    """What the sources say, extracted by the command that CONTRIBUTING names."""
    catalogues = {}
    for domain, package in distributions.items():
        pot = tmp_path_factory.mktemp("catalogues") / f"{domain}.pot"
        command = ["pybabel", "-q", "extract", "-F", str(root / "pyproject.toml"), "-o", str(pot), str(package)]
        CommandLineInterface().run(command)
        catalogues[domain] = read_po(BytesIO(pot.read_bytes()))
    return catalogues


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
    missing = []
    for domain, catalogue in said.items():
        french = translated.get((domain, "fr"), Catalog())
        for message in _messages(catalogue):
            there = french.get(message.id, message.context)
            if there is None or not all(_forms(there.string)) or there.fuzzy:
                missing.append((domain, message.context, message.id))
    assert missing == []


def test_translations_have_the_placeholders_of_their_message(translated):
    different = []
    for (domain, language), catalogue in translated.items():
        for message in _messages(catalogue):
            *_, most = wanted = [_placeholders(form) for form in _forms(message.id)]
            different += [
                (domain, language, form)
                for form in filter(None, _forms(message.string))
                if not min(wanted, key=len) - {"num"} <= _placeholders(form) <= most
            ]
    assert different == []


def test_no_translation_outlives_its_message(said, translated):
    stale = [
        (domain, language, message.id)
        for (domain, language), catalogue in translated.items()
        for message in _messages(catalogue)
        if said[domain].get(message.id, message.context) is None
    ]
    assert stale == []


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _forms(text) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text or "",)


def _placeholders(text: str) -> set[str]:
    return {match[1] or match[2] or match[0] for match in PLACEHOLDER.finditer(text)}
