"""Pages without a host: what may be drawn, what the kit says of one that the host would not."""

import itertools
from types import ModuleType

import pytest

from parvis_sdk.contents import Heading, RequestReference, Table, Words, references_in, turned_to
from parvis_sdk.fields import ShortText
from parvis_sdk.hooks import hookimpl
from parvis_sdk.pages import Kept, Page
from parvis_sdk.testing import PluginContract
from parvis_sdk.testing.pages import page_shown_mistakes, shown_on
from parvis_sdk.text import Text

TITLE = Text(fr="Travaux", en="Works")
NUMBER = ShortText(code="number", label=TITLE, required=False, max_length=4)
KEPT = (Kept(reference="7K3M-9QXT-4", remembered={"number": "BT-1"}),)
COUNT = itertools.count()


def page(show, **more) -> Page:
    return Page(**{"code": "works", "title": TITLE, "shown_to": ("desk",), "roles": ("agent",), "show": show, **more})


async def sound(view, connection):
    rows = tuple((each.remembered["number"], RequestReference(reference=each.reference)) for each in view.kept)
    return (Heading(text=TITLE), Table(caption=TITLE, columns=(TITLE, TITLE), rows=rows))


async def counts(view, connection):
    return (Words(text=Text(fr=f"{next(COUNT)}", en="n")),)


async def lacks(view, connection):
    return (Words(text=Text(fr=view.kept[0].remembered["state"], en="state")),) if view.kept else ()


async def names_nothing(view, connection):
    return (Table(caption=TITLE, columns=(TITLE,), rows=((RequestReference(reference="<b>"),),)),)


async def long(view, connection):
    rows = tuple((str(number),) for number in range(120))
    return (Table(caption=TITLE, columns=(TITLE,), rows=rows),)


@pytest.mark.parametrize(
    ("show", "what"),
    [
        (counts, "it answers two things of the same look"),
        (lacks, "it raises KeyError: 'state'"),
        (names_nothing, "'<b>' is no reference of a request"),
    ],
)
def test_the_kit_names_what_the_host_would_not_show_with_its_line(show, what):
    found = [str(each) for each in page_shown_mistakes(page(show), KEPT)]
    assert any(what in each and "test_pages.py:" in each and "page 'works'" in each for each in found), found


def test_a_sound_page_has_no_mistake():
    assert page_shown_mistakes(page(sound, shown_to=("desk", "public")), KEPT) == []


async def test_a_page_is_shown_with_what_is_remembered_and_names_requests():
    contents = await shown_on(page(sound), kept=KEPT)
    assert references_in(contents) == {"7K3M-9QXT-4"}
    assert (await shown_on(page(sound, shown_to=("public",), roles=()), kept=KEPT))[1].rows == ()


async def test_its_filters_are_read_as_the_host_reads_them():
    with pytest.raises(AssertionError, match="must be 4 characters or fewer"):
        await shown_on(page(sound, filters=(NUMBER,)), {"number": "12345"})


async def test_the_leaves_of_a_table_are_turned_and_the_last_one_is_the_last():
    for leaf, first, last in ((1, "0", "49"), (3, "100", "119"), (9, "100", "119"), (0, "0", "49")):
        (table,) = await shown_on(page(long), leaves={1: leaf})
        assert (table.rows[0][0], table.rows[-1][0]) == (first, last)
    assert turned_to("no contents", {1: 4}) == {}
    assert turned_to((Words(text=TITLE), Table(caption=TITLE, columns=(), rows=3)), {1: 4, 2: 4}) == {}


def test_the_contract_of_plugins_opens_pages_with_what_they_may_remember():
    plugin = ModuleType("example")

    @hookimpl
    def pages():
        return [page(lacks)]

    plugin.pages = pages

    class Contract(PluginContract):
        def remembered_of_requests(self, page):
            return KEPT

    Contract.plugin = plugin
    with pytest.raises(AssertionError, match="it raises KeyError: 'state'"):
        Contract().test_every_page_shows_what_can_be_drawn()
