"""Grants are switched off while something is in force: it stays to be read, its time rests, no page speaks of it."""

import json
from datetime import UTC, datetime

import pytest

from parvis import clock
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.references import key_for
from parvis.requests.remaining_parts import RemainingParts
from parvis_grants.expiring import expire
from parvis_grants.obligations import obligations_of
from parvis_grants.validity import kept_validity_of, validity_of
from parvis_grants.waking import wake_obligations
from parvis_my_requests.archive import as_data, gather
from parvis_testing.modules import switch

from .conftest import ANA

OVER = datetime(2026, 7, 1, 15, tzinfo=UTC)


@pytest.fixture
async def off(desk, granted):
    """A planting in force when the town no longer has the module, as a process knows it a second later."""
    reference, id = await granted()
    remaining = desk.host.of(RemainingParts)
    await remaining.look(desk.host)
    await switch(desk.host, "off", "grants")
    await remaining.look(desk.host)
    yield reference, id
    await switch(desk.host, "on", "grants")
    await remaining.look(desk.host)


async def test_its_pages_and_its_line_of_the_menu_are_gone(desk, off):
    reference, id = off
    clerk = await desk.signed_in("manager")
    await clerk.get("/bureau")
    assert "/bureau/echeances" not in clerk.page.text
    for path in ("/bureau/echeances", f"/bureau/requete/{reference}/conditions/{id}"):
        assert (await clerk.get(path)).status_code == 404, path
    calls = desk.browser()
    assert (await calls.http.get(f"/api/v1/requests/{reference}/granted")).status_code == 404
    assert "/granted" not in (await calls.http.get("/api/v1/openapi.json")).text


async def test_the_desk_and_its_holder_read_on_what_was_granted(desk, off):
    reference, _ = off
    clerk = await desk.signed_in("manager")
    record = await desk.record(reference)
    with clock.moved_to(datetime(2026, 4, 20, 15, tzinfo=UTC)):
        await clerk.get(f"/bureau/requete/{reference}")
        assert "En vigueur jusqu’au" in clerk.text
        assert "Planter un érable." in clerk.text
        assert f"/bureau/requete/{reference}/conditions/" not in clerk.page.text
        holder = desk.browser()
        key = key_for(desk.host.secret, record.id, record.holders)
        await holder.get(f"/fr/suivi/{reference}?cle={key}")
        await holder.get(f"/fr/suivi/{reference}")
        assert "En vigueur jusqu’au" in holder.text
        assert "Planter un érable." in holder.text
        assert "/preuve/" not in holder.page.text
        archive = await gather(desk.host, desk.host.jurisdictions.jurisdiction("parvis"), "zoe@exemple.ca", "fr")
    (told,) = [each for each in json.loads(as_data(archive))["requests"] if each["reference"] == reference]
    assert [each["state"] for each in told["granted"]] == ["valid"]
    assert [each["words"] for each in told["demanded"]] == ["Planter un érable."]


async def test_its_time_rests_and_goes_on_when_the_module_is_on_again(desk, off):
    reference, _ = off
    record = await desk.record(reference)
    entries = len(await entries_of(record))
    with clock.moved_to(OVER):
        assert (await expire(desk.host), await wake_obligations(desk.host)) == (0, 0)
        assert len(await entries_of(record)) == entries
        assert [each.state for each in await kept_validity_of(record.id)] == ["valid"]
        assert [each.state for each in await validity_of(record.id)] == ["expired"]
        await switch(desk.host, "on", "grants")
        assert (await expire(desk.host), await wake_obligations(desk.host)) == (1, 1)
        assert [each.state for each in await kept_validity_of(record.id)] == ["expired"]


async def test_an_erasure_takes_the_words_of_the_town(desk, off):
    reference, _ = off
    await switch(desk.host, "on", "grants")
    (owed,) = await obligations_of((await desk.record(reference)).id)
    assert owed.demand.to("fr") == "Planter un érable."
    await make_move(desk.host, reference, "close", {}, actor=ANA, mover="system")
    await switch(desk.host, "off", "grants")
    await erase(desk.host, reference, actor=ANA)
    (owed,) = await obligations_of((await desk.record(reference)).id)
    assert owed.demand.to("fr") == "(détruit)"


async def test_the_list_stays_in_reach_where_the_town_grants_nothing_any_more(desk):
    """What was granted before, by a service that is no longer offered, is still owed and still ends."""
    clerk = await desk.signed_in("manager")
    remaining = desk.host.of(RemainingParts)
    remaining.update({("parvis", "validity")})
    await clerk.get("/bureau")
    assert "/bureau/echeances" in clerk.page.text
    remaining.discard(("parvis", "validity"))
