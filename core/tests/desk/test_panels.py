"""A box of a page that breaks is named and the page stays; each stands where it says, for viewers who may see it."""

import asyncio
import re

import pytest

from parvis.db import counted, transaction
from parvis.declared import declared
from parvis.requests.relations.ties import keep_tie
from parvis.requests.rows_there import RowsOf
from parvis.switches import TownModules
from parvis.web import panels
from parvis.web.desk.lists.columns import QueueColumn
from parvis.web.links import PageLink
from parvis.web.panels import PagePanel, Panel
from parvis.web.places import Nouns, SlotItem
from parvis_testing.desk import said

from .test_case import address

MAIN = "desk.request"
MOST_STATEMENTS = 8  # of the page of one simple request
MISSING = "This part of the page cannot be shown at the moment. The rest is not affected."


async def breaks(room, case):
    raise LookupError("the words of the exception")


async def lasts(room, case):
    await asyncio.sleep(60)


def dogs(draw, **more) -> PagePanel:
    given = {"slot": MAIN, "name": "dogs", "title": lambda: "Chiens", "after": "joined", "owner": "dogs", **more}
    return PagePanel(draw=draw, **given)


@pytest.fixture
def having(desk, monkeypatch):
    """The desk as if something installed brought a box, in a town that has it."""

    def have(panel: SlotItem) -> None:
        monkeypatch.setattr(desk.host.modules, "of", lambda town: TownModules(on=frozenset({"dogs"})))
        monkeypatch.setitem(desk.app.state, "nouns", Nouns([panel, *declared(SlotItem, "parvis.web")]))

    return have


async def no_panel(room, case):
    return "words"


async def in_a_template_that_is_not_there(room, case):
    return Panel(template="dogs/none.html", values={})


async def in_a_template_of_another_thing(room, case):
    return Panel(template="parts/away.html", values={"parts": 3})


def cannot_tell(*given):
    raise LookupError("the words of the exception")


@pytest.mark.parametrize("draw", [no_panel, in_a_template_that_is_not_there, in_a_template_of_another_thing])
async def test_a_box_of_a_module_that_cannot_be_written_is_told_and_the_page_stays(desk, having, draw):
    having(dogs(draw))
    record, clerk = await desk.request(), await desk.signed_in()
    page = await clerk.get(address(record))
    assert page.status_code == 200
    assert "Chiens" in clerk.text
    assert said(MISSING) in clerk.text
    assert said("Internal note") in clerk.text


async def test_a_box_of_a_module_that_cannot_say_where_it_applies_is_left_out(desk, having):
    having(dogs(breaks, applies=cannot_tell))
    record, clerk = await desk.request(), await desk.signed_in()
    page = await clerk.get(address(record))
    assert page.status_code == 200
    assert said(MISSING) not in clerk.text


async def test_a_box_without_words_of_its_own_goes_by_its_name(desk, having):
    having(dogs(breaks, title=cannot_tell))
    record, clerk = await desk.request(), await desk.signed_in()
    await clerk.get(address(record))
    assert said(MISSING) in clerk.text
    assert ">dogs</h2>" in (await clerk.get(address(record))).text


@pytest.mark.parametrize("field", ["text", "when", "waiting"])
async def test_a_line_of_the_menu_that_breaks_harms_no_page(desk, having, field):
    given = {"text": lambda: "Chiens", field: cannot_tell}
    having(PageLink(slot="desk.menu", path="/bureau/chiens", after="/bureau", owner="dogs", **given))
    clerk = await desk.signed_in()
    page = await clerk.get("/bureau")
    assert page.status_code == 200
    assert ('href="/bureau/chiens"' in page.text) is (field != "when")
    assert ("Chiens" in page.text) is (field == "waiting")


async def test_a_column_of_a_module_that_cannot_be_written_stays_empty(desk, having):
    having(QueueColumn(name="dogs", title=cannot_tell, template="dogs/none.html", usual=True, owner="dogs"))
    record, clerk = await desk.request(), await desk.signed_in()
    page = await clerk.get("/bureau")
    assert page.status_code == 200
    assert record.reference in page.text


@pytest.mark.parametrize("owner", ["", "dogs"])
async def test_a_box_that_breaks_is_told_by_its_name_and_the_page_stays(desk, having, owner):
    having(dogs(breaks, owner=owner))
    record, clerk = await desk.request(), await desk.signed_in()
    page = await clerk.get(address(record))
    assert page.status_code == 200
    assert "Chiens" in clerk.text
    assert said(MISSING) in clerk.text
    assert said("Internal note") in clerk.text
    assert "the words of the exception" not in page.text


async def test_a_box_of_a_module_that_takes_too_long_is_left_out_and_told(desk, having, monkeypatch):
    monkeypatch.setattr(panels, "SECONDS", 0.05)
    having(dogs(lasts))
    record, clerk = await desk.request(), await desk.signed_in()
    await clerk.get(address(record))
    assert said(MISSING) in clerk.text


@pytest.mark.parametrize(
    "more", [{"right": "privacy"}, {"applies": lambda room, case: case.record.erased_at is not None}]
)
async def test_a_box_is_not_even_asked_of_who_may_not_see_it_or_where_it_does_not_apply(desk, having, more):
    having(dogs(breaks, **more))
    record, clerk = await desk.request(), await desk.signed_in()
    await clerk.get(address(record))
    assert said(MISSING) not in clerk.text


async def test_a_box_of_a_module_that_the_town_does_not_have_is_not_asked(desk, having, monkeypatch):
    having(dogs(breaks))
    monkeypatch.setattr(desk.host.modules, "of", lambda town: TownModules())
    record, clerk = await desk.request(), await desk.signed_in()
    await clerk.get(address(record))
    assert said(MISSING) not in clerk.text


async def test_a_box_is_asked_only_where_a_table_has_rows_of_the_request(desk, having):
    having(dogs(breaks, rows=(RowsOf("tie", "t.one = r.id"),)))
    record, other, clerk = await desk.request(), await desk.request(), await desk.signed_in()
    async with transaction(desk.host.engine):
        await keep_tie(record, "about", other, record.submitted_at)
    assert said(MISSING) not in (await clerk.get(address(other))).text
    assert said(MISSING) in (await clerk.get(address(record))).text


async def test_a_box_that_stands_empty_is_asked_whatever_its_tables_have(desk, having):
    having(dogs(breaks, rows=(RowsOf("tie"),), stands_empty=True))
    record, clerk = await desk.request(), await desk.signed_in()
    assert said(MISSING) in (await clerk.get(address(record))).text


async def test_a_box_that_names_a_table_which_is_not_there_harms_no_other(desk, having):
    async def nothing(room, case):
        return None

    having(dogs(nothing, rows=(RowsOf("kennel"),)))
    record, other, clerk = await desk.request(), await desk.request(), await desk.signed_in()
    async with transaction(desk.host.engine):
        await keep_tie(record, "about", other, record.submitted_at)
    page = await clerk.get(address(record))
    assert page.status_code == 200
    assert other.reference in page.text


async def test_boxes_stand_in_the_order_that_they_name_and_the_quiet_ones_folded_after_them(desk):
    record, other, clerk = await desk.request(), await desk.request(), await desk.signed_in()
    async with transaction(desk.host.engine):
        await keep_tie(record, "about", other, record.submitted_at)
    page = await clerk.get(address(record))
    headings = re.findall(r'<h2 id="(calls|ties|near|routed)"', page.text)
    assert headings == ["ties", "near", "routed"]
    assert page.text.index('id="near"') < page.text.index("data-case-more") < page.text.index('id="routed"')


async def test_the_page_of_one_request_asks_the_database_so_many_times_at_most(desk):
    record, clerk = await desk.request(), await desk.signed_in()
    with counted() as asked:
        await clerk.get(address(record))
    assert asked.count <= MOST_STATEMENTS
