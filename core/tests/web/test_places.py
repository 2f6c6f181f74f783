"""What a place of the web declares is read from its files: nobody lists a handler twice."""

import sys

import pytest

from parvis.declared import declared, files_of
from parvis.web.places import handlers_in

PAGE = """from litestar import get, post
from trial_place.deep.words import say


@get("/a")
async def show_a() -> str:
    return ""


def made_for(path):
    @post(path)
    async def take() -> str:
        return ""

    return (take,)


OTHERS = made_for("/b")
"""
WORDS = """from litestar import get

TITLE = "word"


@get("/c")
async def say() -> str:
    return ""
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A package with a page, and a deeper one whose handler the first imports, too."""
    deep = tmp_path / "trial_place" / "deep"
    deep.mkdir(parents=True)
    for folder in (deep.parent, deep):
        (folder / "__init__.py").write_text('"""A place."""\n')
    (deep.parent / "page.py").write_text(PAGE)
    (deep / "words.py").write_text(WORDS)
    monkeypatch.syspath_prepend(tmp_path)
    yield "trial_place"
    for name in [name for name in sys.modules if name.startswith("trial_place")]:
        del sys.modules[name]


def test_every_handler_of_every_file_is_found_once(place):
    assert sorted(path for each in handlers_in(place) for path in each.paths) == ["/a", "/b", "/c"]


def test_what_stands_elsewhere_is_left_out(place):
    elsewhere = handlers_in("trial_place.deep")
    assert sorted(path for each in handlers_in(place, but=elsewhere) for path in each.paths) == ["/a", "/b"]


def test_any_noun_can_be_declared_by_a_file(place):
    assert "word" in declared(str, place)


def test_a_file_alone_is_a_place_too(place):
    assert [file.__name__ for file in files_of("trial_place.page")] == ["trial_place.page"]
    assert len(handlers_in("trial_place.deep.words")) == 1
