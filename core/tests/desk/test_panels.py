"""A box of a page that breaks is told by its name and the page stays; each stands where it says, for who may see it."""

import asyncio
import re

import pytest

from parvis.db import counted
from parvis.declared import declared
from parvis.switches import TownModules
from parvis.testing.desk import said
from parvis.web import panels
from parvis.web.panels import PagePanel
from parvis.web.places import Nouns, Placed

from .test_case import address

MAIN = "desk.request"
MOST_STATEMENTS = 24  # of the page of one simple request; 18 today
MISSING = "This part of the page cannot be shown at the moment. The rest is as it should be."


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

    def have(panel: PagePanel) -> None:
        monkeypatch.setattr(desk.heart.modules, "of", lambda town: TownModules(on=frozenset({"dogs"})))
        monkeypatch.setitem(desk.app.state, "nouns", Nouns([panel, *declared(Placed, "parvis.web")]))

    return have


@pytest.mark.parametrize("owner", ["", "dogs"])
async def test_a_box_that_breaks_is_told_by_its_name_and_the_page_stays(desk, having, owner):
    having(dogs(breaks, owner=owner))
    record, clerk = await desk.request(), await desk.signed_in()
    page = await clerk.get(address(record))
    assert page.status_code == 200
    assert "Chiens" in clerk.text
    assert said(MISSING) in clerk.text
    assert said("To look at again") in clerk.text
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
    monkeypatch.setattr(desk.heart.modules, "of", lambda town: TownModules())
    record, clerk = await desk.request(), await desk.signed_in()
    await clerk.get(address(record))
    assert said(MISSING) not in clerk.text


async def test_boxes_stand_in_the_order_that_they_name(desk):
    record, clerk = await desk.request(), await desk.signed_in()
    page = await clerk.get(address(record))
    headings = re.findall(r'<h2 id="(checklist|ties|again)"', page.text)
    assert headings == ["checklist", "ties", "again"]


async def test_the_page_of_one_request_asks_the_database_so_many_times_at_most(desk):
    record, clerk = await desk.request(), await desk.signed_in()
    with counted() as asked:
        await clerk.get(address(record))
    assert asked.count <= MOST_STATEMENTS
