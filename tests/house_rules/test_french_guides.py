"""Guides name pages, buttons and lists as these are named in their language; those in French lead to one another."""

import ast
import re
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

LABEL = re.compile(r"(?<![*\w])\*(?!\*)([^*\n]+)\*(?!\*)")
LINK = re.compile(r"\]\(([^()\s]+\.md)?(#[^()\s]+)?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
GAP = re.compile(r"%\\\(\w+\\\)s|\\\{\w+\\\}")
WORD = re.compile(r"(\w.*){3}")  # more than a gap and a mark


def prose_of(paths: Iterable[Path]) -> dict[Path, str]:
    """Each guide with a line of prose for each paragraph, so that no name is broken over two."""
    read = {path: re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.M | re.S) for path in paths}
    return {path: re.sub(r"(?<=\S)\n(?=[^\s|#>-])", " ", text) for path, text in read.items()}


@pytest.fixture(scope="module")
def guides(root) -> dict[Path, str]:
    return prose_of((root / "docs/fr").glob("*.md"))


@pytest.fixture(scope="module")
def english_guides(root) -> dict[Path, str]:
    return prose_of((root / "docs").glob("*.md"))


@pytest.fixture(scope="module")
def declared(sources) -> set[str]:
    """Every text that the code of the product declares."""
    trees = (ast.parse(path.read_text("utf-8")) for path in sources)
    every = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in every if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.fixture(scope="module")
def shown_in(tracked, declared) -> Callable[[str], Callable[[str], bool]]:
    """Whether pages in a language show a name: a catalogue says it, with any words in gaps, or the code declares it."""

    def judge(language: str) -> Callable[[str], bool]:
        said: set[str] = set()
        for path in tracked:
            if path.suffix == ".po" and path.parent.parent.name in ("fr", language):
                for message in read_po(BytesIO(path.read_bytes())):
                    words = message.string if path.parent.parent.name == language else message.id
                    said.update([words] if isinstance(words, str) else words)
        gaps = {GAP.sub(".+", re.escape(words)) for words in said}
        pattern = re.compile("|".join(sorted(words for words in gaps if WORD.search(words.replace(".+", "")))))
        return lambda name: name in declared or name in said or bool(pattern.fullmatch(name))

    return judge


@pytest.fixture(scope="module")
def shown(shown_in) -> Callable[[str], bool]:
    return shown_in("fr")


def strangers(text: str, shown: Callable[[str], bool]) -> list[str]:
    """The names in italics that no page shows."""
    return [name for name in LABEL.findall(text) if not shown(name)]


def test_every_name_in_italics_is_shown_by_a_page(guides, shown):
    assert {path.name: found for path, text in guides.items() if (found := strangers(text, shown))} == {}
    assert sum(len(LABEL.findall(text)) for text in guides.values()) > 20 * len(guides) > 60


def test_every_name_in_italics_of_an_english_guide_is_shown_by_a_page_in_english(english_guides, shown_in):
    """Names of other programs are bold."""
    shown = shown_in("en")
    assert {path.name: found for path, text in english_guides.items() if (found := strangers(text, shown))} == {}


def test_a_name_that_no_page_shows_is_found(shown):
    text = "Ouvrez *File d’attente*, puis *Me donner la suivante*; **ceci** n’est pas un nom."
    assert strangers(text, shown) == ["Me donner la suivante"]


def test_links_lead_to_a_page_and_a_heading(guides):
    lost = []
    for path, text in guides.items():
        for page, part in LINK.findall(text):
            there = (path.parent / page).resolve() if page else path
            if not there.is_file():
                lost.append(f"{path.name}: {page}")
            elif part and part[1:] not in {anchor(each) for each in HEADING.findall(there.read_text("utf-8"))}:
                lost.append(f"{path.name}: {page}{part}")
    assert lost == []


def anchor(heading: str) -> str:
    """As the site and the host of the files make it from a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-").replace("\u00a0", "-")


def test_each_guide_stands_in_the_list_of_guides(guides, root):
    listed = (root / "docs/fr/README.md").read_text("utf-8")
    assert [path.name for path in guides if path.name != "README.md" and f"({path.name})" not in listed] == []


def test_they_are_set_as_the_pages_are(guides):
    prose = {path.name: re.sub(r"`[^`]*`|\]\([^)]*\)", "", text) for path, text in guides.items()}
    bad = re.compile(r"\w'\w|\w :(?!//)|« | »|\w[ \u00a0\u202f][;!?](?:\s|$)")
    assert {name: bad.findall(text) for name, text in prose.items() if bad.search(text)} == {}
