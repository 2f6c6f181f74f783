"""Lines of menus stand where they are declared to, in whatever order modules and files are read."""

import random

import pytest

from parvis.web.links import PageLink, gathered
from parvis.web.pages import MenuItem
from parvis.web.places import Nouns

MENU = "desk.menu"


def link(path: str, after: str = "", owner: str = "") -> PageLink:
    return PageLink(slot=MENU, path=path, after=after, owner=owner, text=lambda: path)


CORE = (link("/a"), link("/b", "/a"), link("/c", "/b"), link("/d", "/c"))


def paths(*links: PageLink) -> str:
    return "".join(each.path for each in Nouns(links).of(PageLink, MENU))


@pytest.mark.parametrize("seed", range(5))
def test_each_line_follows_the_one_that_it_names(seed):
    mixed = random.Random(seed).sample(CORE, len(CORE))
    assert paths(*mixed) == "/a/b/c/d"


def test_a_line_of_a_module_stands_right_after_the_one_it_names():
    assert paths(*CORE, link("/new", "/b", "dogs")) == "/a/b/new/c/d"
    assert paths(link("/y", "/x", "dogs"), link("/x", "/a", "dogs"), *CORE) == "/a/x/y/b/c/d"


def test_a_line_after_one_that_is_not_installed_comes_last_and_is_not_lost():
    assert paths(*CORE, link("/new", "/gone", "dogs"), link("/newer", "/new", "dogs")) == "/a/b/c/d/new/newer"


def test_slots_are_apart():
    other = PageLink(slot="operators.menu", path="/o", text=str)
    assert [each.path for each in Nouns((*CORE, other)).of(PageLink, "operators.menu")] == ["/o"]


def test_a_group_is_one_wherever_its_lines_stand_and_no_group_where_it_holds_one():
    def work() -> str:
        return "Work"

    def rest() -> str:
        return "Rest"

    items = [(None, "q"), (work, "a"), (rest, "r"), (work, "b"), (None, "z")]
    menu = gathered((group, MenuItem(text=text)) for group, text in items)
    assert [each.text for each in menu] == ["q", "Work", "r", "z"]
    assert [each.text for each in menu[1].inside] == ["a", "b"]


def test_lines_of_a_group_that_cannot_say_its_name_stand_alone():
    def nameless() -> str:
        raise LookupError

    menu = gathered((group, MenuItem(text=text)) for group, text in [(nameless, "a"), (None, "z"), (nameless, "b")])
    assert [each.text for each in menu] == ["a", "z", "b"]


@pytest.mark.parametrize(
    ("here", "current"), [("/p", "page"), ("/p/", "page"), ("/p/1", "true"), ("/beside/1", "true"), ("/part", "")]
)
def test_the_line_of_the_page_that_one_is_on_is_marked(here, current):
    assert link("/p").item(here, beside=("/beside",)).current == current


def test_every_page_stands_within_the_home_of_its_place_and_none_says_so():
    assert link("/p").item("/p/1", home="/p").current == ""
    assert link("/p").item("/p", home="/p").current == "page"
