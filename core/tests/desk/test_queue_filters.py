"""A filter of the queue that a module brings: offered, said and kept like ours, and missed aloud where it is off."""

import re
from urllib.parse import urlencode

import pytest

from parvis.db import counted
from parvis.declared import declared
from parvis.requests.lists.module_figures import ListCondition
from parvis.switches import TownModules
from parvis.web.desk.lists.filters import QueueFilter
from parvis.web.places import Nouns, SlotItem
from parvis_testing.desk import said

WIDER = said("One filter of this list no longer exists, so the list now shows more requests.")


def barked(searcher, values):
    return {"conditions": tuple(ListCondition("address = {}", (value,)) for value in values)}


def choices(context):
    return [("", "Tous"), *((name, name) for name in sorted(context.names.values()))]


def broken(context):
    raise LookupError("the words of the exception")


@pytest.fixture
def having(desk, monkeypatch):
    """The desk as if a module brought a filter, in a town that has the module or not."""

    def have(offered=choices, on=("dogs",), say=lambda context, value: f"Chien de {value}", narrow=barked):
        dogs = QueueFilter(
            name="chien",
            title=lambda: "Chien",
            narrow=narrow,
            say=say,
            choices=offered,
            after="type",
            owner="dogs",
        )
        monkeypatch.setattr(desk.host.modules, "of", lambda town: TownModules(on=frozenset(on)))
        monkeypatch.setitem(desk.app.state, "nouns", Nouns([dogs, *declared(SlotItem, "parvis.web")]))

    return have


def found(page) -> list[str]:
    return re.findall(r'<th scope="row">\s*<a href="/bureau/requete/([^"]+)"', page.text)


async def test_it_narrows_the_list_its_sheet_and_its_map_by_a_condition_that_it_gives_as_data(desk, having):
    having()
    record, clerk = await desk.request(), await desk.signed_in()
    assert found(await clerk.get("/bureau?chien=nowhere")) == []
    page = await clerk.get(f"/bureau?{urlencode({'chien': record.address})}")
    assert found(page) == [record.reference]
    sheet = await clerk.http.get("/bureau/liste.csv", params={"chien": "nowhere"})
    assert record.reference not in sheet.text
    on_map = await clerk.http.get("/bureau/carte/points", params={"chien": "nowhere", "zoom": "12"})
    assert on_map.json()["groups"] == []


async def test_it_is_said_above_the_list_and_offered_where_it_says(desk, having):
    having()
    await desk.request()
    clerk = await desk.signed_in()
    page = await clerk.get("/bureau?chien=rex&etat=received")
    assert "Chien de rex" in page.text
    box = page.text.split('class="filter-grid"')[1]
    assert box.index('name="type"') < box.index('name="chien"') < box.index('name="phase"')
    assert '<input type="hidden" name="etat" value="received">' in page.text
    assert '<input type="hidden" name="chien"' not in page.text.split('class="filter-grid"')[0].split("filter-box")[1]


async def test_where_it_is_off_its_address_says_that_the_list_is_wider(desk, having):
    having(on=())
    record, clerk = await desk.request(), await desk.signed_in()
    page = await clerk.get("/bureau?chien=nowhere")
    assert found(page) == [record.reference]
    assert WIDER in clerk.text
    assert "Chien" not in page.text
    await clerk.get("/bureau?nonsense=1")
    assert WIDER not in clerk.text


async def test_one_whose_choices_break_is_left_out_of_the_box_and_costs_no_statement(desk, having):
    having(offered=broken)
    await desk.request()
    clerk = await desk.signed_in()
    await clerk.get("/bureau")
    with counted() as with_it:
        page = await clerk.get("/bureau")
    assert 'name="phase"' in page.text
    assert "Chien" not in page.text
    having(on=())
    with counted() as without:
        await clerk.get("/bureau")
    assert with_it.count == without.count


async def test_one_that_cannot_say_its_value_shows_it_as_the_address_has_it(desk, having):
    having(say=lambda context, value: broken(context))
    clerk = await desk.signed_in()
    page = await clerk.get("/bureau?chien=rex&etat=received")
    assert page.status_code == 200
    assert " rex " in clerk.text
    assert "the words of the exception" not in page.text


async def test_one_that_cannot_say_what_it_means_finds_nothing_and_never_more_than_was_asked(desk, having):
    having(narrow=lambda searcher, values: broken(searcher))
    record, clerk = await desk.request(), await desk.signed_in()
    assert found(await clerk.get("/bureau")) == [record.reference]
    assert found(await clerk.get("/bureau?chien=rex")) == []
