"""Where the module is switched off nobody joins, ties or splits; what was joined stays joined, is told and erased."""

import pytest

from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.references import key_for
from parvis.requests.relations.merged import goes_on_with, going_on_with
from parvis.requests.undoing import undo
from parvis.requests.work.conversation import receive
from parvis_merging.merging import merge, part
from parvis_merging.tying import link
from parvis_sdk.workflow import Denied
from parvis_testing.desk import address, said
from parvis_testing.modules import switch
from parvis_testing.street import ANA, EVERYWHERE


@pytest.fixture
async def off(desk):
    """A report that goes on with another one, to which a third is tied, where the town no longer has the module."""
    one, other, third = [await desk.request("hole", "roads") for _ in range(3)]
    assert not isinstance(await merge(desk.host, EVERYWHERE, one.reference, other.reference, actor=ANA), Denied)
    await link(desk.host, EVERYWHERE, third.reference, "child_of", other.reference, actor=ANA)
    await switch(desk.host, "off", "merging")
    yield [await desk.record(each.reference) for each in (one, other, third)]
    await switch(desk.host, "on", "merging")


async def test_no_page_box_or_operation_is_left(desk, off):
    one, other, _ = off
    clerk = await desk.signed_in("manager")
    for record in (one, other):
        page = await clerk.get(address(record))
        assert page.status_code == 200
        for words in ("Link to another request", "Separate", "Remove the link", "Split the request"):
            assert said(words) not in clerk.text, words
        assert not [path for path in ("/liens", "/partage") if f"{record.reference}{path}" in page.text]
    for path in (address(other, "liens"), address(other, "partage")):
        assert (await clerk.get(path)).status_code == 404, path
    calls = desk.browser().http
    paths = (await calls.get("/api/v1/openapi.json")).json()["paths"]
    assert not [path for path in paths if path.endswith(("/ties/end", "/split"))]
    assert [*paths["/requests/{reference}/ties"]] == ["get"]
    await clerk.get(f"/bureau/plusieurs?r={other.reference}")
    assert said("Merge reports of the same problem") not in clerk.text


async def test_what_was_joined_and_tied_is_read_on_by_the_town_and_by_whoever_made_it(desk, off):
    one, other, third = off
    clerk = await desk.signed_in("manager")
    await clerk.get(address(other))
    assert said("Merged requests") in clerk.text
    assert (said("Has this part") in clerk.text, third.reference in clerk.text) == (True, True)
    zoe = desk.browser()
    page = await zoe.get(f"/fr/suivi/{one.reference}?cle={key_for(desk.host.secret, one.id)}")
    assert page.status_code == 200
    assert "Jointe à une autre requête" in zoe.text
    assert f"/fr/requete/{other.reference}" in page.text


async def test_what_its_person_writes_is_read_where_it_goes_on_and_it_goes_with_its_personal_data(desk, off):
    one, other, _ = off
    await receive(desk.host, one.reference, "C’est pire")
    assert (await entries_of(await desk.record(other.reference)))[-1].kind == "word_along"
    assert (await goes_on_with(one)).id == other.id
    await erase(desk.host, one.reference, actor=ANA)
    assert await going_on_with(await desk.record(other.reference)) == ()
    for record in (one, other):
        assert await broken_at(await desk.record(record.reference)) is None


async def test_nobody_takes_back_a_merge_until_the_module_is_on_again(desk, off):
    one, _, _ = off
    refused = await undo(desk.host, EVERYWHERE, one.reference, actor=ANA)
    assert isinstance(refused, Denied)
    await switch(desk.host, "on", "merging")
    assert (await undo(desk.host, EVERYWHERE, one.reference, actor=ANA)).merged_into is None
    assert isinstance(await part(desk.host, EVERYWHERE, one.reference, actor=ANA), Denied)
