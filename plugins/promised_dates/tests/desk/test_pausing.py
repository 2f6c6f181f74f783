"""Stopping a delay from the desk: why, shown to the person, and the same date at every door once it runs again."""

from datetime import UTC, datetime

import pytest

from parvis import clock
from parvis.i18n import format_datetime, format_day, speaking
from parvis.notify.composing import promised_of
from parvis.requests.links import tracking_url
from parvis.requests.payloads import request_for
from parvis.requests.promises.promising import REASONS, pause, resume
from parvis.requests.work.conversation import note
from parvis_testing.desk import ANA, said

MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)


@pytest.fixture
async def hole(desk):
    return await desk.request("hole", "roads")


async def test_a_delay_is_stopped_with_a_reason_and_runs_again(desk, hole):
    clerk = await desk.signed_in()
    path = f"/bureau/requete/{hole.reference}"
    await clerk.get(path)
    assert said("Pause the response time") in clerk.text
    await clerk.get(f"{path}/pause")
    await clerk.post(f"{path}/pause", why="weather", words="Il gèle.", version=str(hole.version))
    assert said("Resume the response time") in clerk.text
    assert "la météo ne permet pas les travaux" in clerk.text
    paused = await desk.record(hole.reference)
    assert paused.promise == "paused"
    await clerk.get(f"{path}/pause")
    await clerk.post(f"{path}/reprise", version=str(paused.version))
    assert said("The response time has resumed, and the requester is notified of the new date.") in clerk.text
    assert (await desk.record(hole.reference)).promise == "running"


async def test_after_every_pause_page_desk_api_and_mail_promise_the_same_day(desk):
    with clock.moved_to(MONDAY) as time:
        hole = await desk.request("hole", "roads")
        resident = desk.browser()
        town = desk.host.jurisdictions.jurisdiction("parvis")
        seen = set()
        for why in ("weather", "elsewhere", "requester"):
            await pause(desk.host, hole.reference, why, "", actor=ANA)
            paused = await desk.record(hole.reference)
            assert promised_of(await request_for(desk.host, paused, ("contact",))) == ""
            await resident.get(tracking_url(desk.host, town, paused))
            assert REASONS[why].fr in resident.text
            assert f"au plus tard le {format_day(paused.promised_at)}" not in resident.text
            time.forward(days=1, hours=3)
            record = await resume(desk.host, hole.reference, actor=ANA)
            with speaking("fr", town.time_zone):
                day, hour = format_day(record.promised_at), format_datetime(record.promised_at)
                told = await request_for(desk.host, record, ("contact",))
                mail = promised_of(told)
            url = tracking_url(desk.host, town, record)
            await resident.get(url)
            clerk = await desk.signed_in()
            await clerk.get(f"/bureau/requete/{hole.reference}")
            api = await desk.browser().http.get(f"/api/v1/requests/{hole.reference}?key={url.partition('=')[2]}")
            assert " ".join(day.split()) in resident.text
            assert " ".join(day.split()) in clerk.text
            assert " ".join(hour.split()) not in clerk.text  # a promise in days is one of a day
            assert datetime.fromisoformat(api.json()["promised_at"]) == record.promised_at
            assert day.partition(" ")[2] in mail
            seen.add(record.promised_at)
    assert len(seen) == 3


async def test_a_reason_is_asked_for_and_what_a_colleague_did_is_looked_at_first(desk, hole):
    clerk = await desk.signed_in()
    path = f"/bureau/requete/{hole.reference}/pause"
    await clerk.get(path)
    page = await clerk.post(path, words="Mot à garder")
    assert page.status_code == 422
    assert "Mot à garder" in clerk.text
    await note(desk.host, hole.reference, "Vu sur place.", actor=ANA)
    page = await clerk.post(path, why="weather", version=str(hole.version))
    assert page.status_code == 409
    assert (await desk.record(hole.reference)).promise == "running"


async def test_what_cannot_be_paused_is_said(desk, hole):
    clerk = await desk.signed_in()
    path = f"/bureau/requete/{hole.reference}"
    await clerk.get(path)
    page = await clerk.post(f"{path}/reprise", version=str(hole.version))
    assert page.status_code == 422
    assert "Aucun délai n’a été suspendu par un agent." in clerk.text
