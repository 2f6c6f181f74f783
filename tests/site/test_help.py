"""Each page of the desk and of operators, of whatever is installed, has a section of a guide that is about it."""

from functools import cache
from pathlib import Path

import pytest

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.settings import Settings
from parvis.web.links import PageLink
from parvis_guides.desk import SLOTS
from parvis_guides.pages import SECTIONS, guide_about

ROOT = Path(__file__).parents[2]
ENTRANCE = {SECTIONS["/bureau"], SECTIONS["/exploitation"]}
ABOUT_THESE = {"/bureau", "/bureau/carte", "/bureau/carte/points", "/bureau/fichiers/{id}", "/exploitation"}
SHEETS = (".csv", ".xlsx", "/presence", "/liste")


@pytest.fixture(scope="module")
def lines(tmp_path_factory) -> tuple[PageLink, ...]:
    """Every line of a menu, of the core and of all modules that are installed."""
    folder = tmp_path_factory.mktemp("data")
    settings = Settings(territory=town_folder(), secret_key="a secret of forty characters or so, kept", data=folder)
    nouns = create_app(settings).state.nouns
    return tuple(line for slot in (*SLOTS, "operators.menu") for line in nouns.of(PageLink, slot))


@cache
def pages() -> list[str]:
    """The addresses of pages, from the list that is held to the application."""
    told = (ROOT / "tests/contracts/page_addresses.txt").read_text("utf-8").splitlines()
    asked = [line.split()[0] for line in told if "GET" in line.split()[1:]]
    rooms = [each for each in asked if f"{each}/".startswith(("/bureau/", "/exploitation/"))]
    return [each for each in rooms if not each.endswith(SHEETS)]


def test_no_page_falls_back_on_the_section_about_the_entrance(lines):
    assert len(pages()) > 90
    found = {each: guide_about(each, lines) for each in pages()}
    assert [each for each, guide in found.items() if "#" not in guide] == []
    assert [each for each, guide in found.items() if guide in ENTRANCE and each not in ABOUT_THESE] == []
