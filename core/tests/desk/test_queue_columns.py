"""A column of the queue that a module brings: chosen like ours, asked once for all rows, missed where it breaks."""

import pytest

from parvis.db import counted
from parvis.db.tables import ServiceRequest
from parvis.declared import declared
from parvis.switches import TownModules
from parvis.web.desk.lists.columns import QueueColumn, SheetColumn
from parvis.web.places import Nouns, SlotItem
from parvis_testing.desk import said

BESIDE = "/bureau?col=lieu&col=chiens"
SHEET = "/bureau/liste.csv?col=lieu&col=chiens"


async def dogs(room, rows):
    known = await ServiceRequest.select(ServiceRequest.reference).where(
        ServiceRequest.reference.is_in([row.reference for row in rows])
    )
    return {row["reference"]: f"chien de {row['reference']}" for row in known}


async def breaks(room, rows):
    raise LookupError("the words of the exception")


@pytest.fixture
def having(desk, monkeypatch):
    """The desk as if a module brought a column, in a town that has the module or not."""

    def have(find, on=("dogs",)):
        column = QueueColumn(
            name="chiens",
            title=lambda: "Chiens",
            find=find,
            after="lieu",
            owner="dogs",
        )
        cell = SheetColumn(
            name="dogs", title=lambda: "Chiens", cell=lambda one: one.value, of="chiens", after="place", owner="dogs"
        )
        monkeypatch.setattr(desk.host.modules, "of", lambda town: TownModules(on=frozenset(on)))
        monkeypatch.setitem(desk.app.state, "nouns", Nouns([column, cell, *declared(SlotItem, "parvis.web")]))

    return have


async def test_it_stands_where_it_says_and_its_sheet_has_what_it_found(desk, having):
    having(dogs)
    record, clerk = await desk.request(), await desk.signed_in()
    page = await clerk.get(BESIDE)
    assert f'<td data-name="Chiens">chien de {record.reference}</td>' in page.text
    assert page.text.index('class="col-lieu"') < page.text.index('<th scope="col" class="col-chiens">Chiens')
    offered = (await clerk.get("/bureau?col=lieu")).text.split('name="colonne"')[1].split("</select>")[0]
    assert offered.index("chiens") < offered.index("etat")
    sheet = (await clerk.http.get(SHEET)).text.lstrip("\ufeff").splitlines()
    assert sheet[0] == ",".join([*map(said, ("Reference", "Type", "Place")), "Chiens"])
    assert sheet[1].endswith(f",chien de {record.reference}")
    whole = (await clerk.http.get("/bureau/liste.csv")).text.splitlines()[0].split(",")
    assert whole.index("Chiens") == whole.index(said("Place")) + 1


async def test_it_is_asked_once_however_many_rows_there_are(desk, having):
    having(dogs)
    clerk = await desk.signed_in()
    await desk.request()
    await clerk.get(BESIDE)
    with counted() as few:
        await clerk.get(BESIDE)
    for _ in range(3):
        await desk.request()
    with counted() as many:
        await clerk.get(BESIDE)
    assert few.count == many.count
    with counted() as without:
        await clerk.get("/bureau")
    assert without.count == many.count - 1


async def test_where_it_breaks_the_list_stays_and_says_so(desk, having):
    having(breaks)
    record, clerk = await desk.request(), await desk.signed_in()
    page = await clerk.get(BESIDE)
    assert page.status_code == 200
    assert record.reference in page.text
    assert said("unavailable") in clerk.text
    assert "the words of the exception" not in page.text
    assert said("unavailable") in (await clerk.http.get(SHEET)).text


async def test_where_the_module_is_off_nobody_is_offered_it(desk, having):
    having(breaks, on=())
    await desk.request()
    clerk = await desk.signed_in()
    page = await clerk.get(BESIDE)
    assert "Chiens" not in page.text
    assert "Chiens" not in (await clerk.http.get(SHEET)).text
