"""Checklists are switched off: no box speaks of them; what was ticked is read, taken away and erased all the same."""

import io
import json
import zipfile

import pytest

from parvis.requests.actors import SYSTEM
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis_checklists.items import Edit, edit_checklist, items_of
from parvis_sdk.text import Text
from parvis_testing.desk import ANA
from parvis_testing.modules import switch

LINE = Text(fr="Zoé Côté rappelée", en="Zoé Côté called")


@pytest.fixture
async def ticked(desk):
    """A request on which a line was done, in a town that has the module no longer."""
    record = await desk.request("hole", "roads")
    await edit_checklist(desk.host, record.reference, Edit(added=(LINE,)), actor=ANA)
    (item,) = await items_of(record)
    await edit_checklist(desk.host, record.reference, Edit(ticked={item.id: True}), actor=ANA)
    await switch(desk.host, "off", "checklists")
    return await desk.record(record.reference)


async def test_no_box_and_no_operation_speak_of_it(desk, ticked):
    clerk = await desk.signed_in()
    path = f"/bureau/requete/{ticked.reference}"
    page = await clerk.get(path)
    assert 'id="checklist"' not in page.text
    assert (await clerk.post(f"{path}/liste", words="Autre chose", _add="1")).status_code == 404
    http = desk.browser().http
    assert (await http.get(f"/api/v1/requests/{ticked.reference}/checklist")).status_code == 404
    assert "checklist" not in (await http.get("/api/v1/openapi.json")).text
    assert len(await items_of(ticked)) == 1


async def test_it_is_read_in_the_history_and_in_the_whole_file_and_leaves_with_it(desk, ticked):
    clerk = await desk.signed_in()
    path = f"/bureau/requete/{ticked.reference}"
    await clerk.get(path)
    assert "Liste de vérification : 1 sur 1" in clerk.text
    await clerk.get(f"{path}/dossier")
    assert "☑ Zoé Côté rappelée" in clerk.text
    taken = await clerk.post(f"{path}/dossier/archive")
    with zipfile.ZipFile(io.BytesIO(taken.content)) as packed:
        data, page = json.loads(packed.read("donnees.json")), packed.read("dossier.html").decode()
    assert [(each["words"], each["done_by"]) for each in data["checklist"]] == [("Zoé Côté rappelée", ANA.name)]
    assert "☑ Zoé Côté rappelée" in page


async def test_it_goes_with_an_erased_request_and_goes_on_where_it_is_on_again(desk, ticked):
    other = await desk.request("hole", "roads")
    await switch(desk.host, "on", "checklists")
    await edit_checklist(desk.host, other.reference, Edit(added=(LINE,)), actor=ANA)
    await switch(desk.host, "off", "checklists")
    await erase(desk.host, ticked.reference, actor=SYSTEM)
    assert await items_of(ticked) == ()
    assert "rappelée" not in str(await entries_of(ticked))
    await switch(desk.host, "on", "checklists")
    clerk = await desk.signed_in()
    assert "Zoé Côté rappelée" in (await clerk.get(f"/bureau/requete/{other.reference}")).text
