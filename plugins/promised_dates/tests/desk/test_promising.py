"""Moving a promised date from the desk: with a reason, told, and never unseen."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db.tables import Delivery
from parvis.i18n import local_day
from parvis.requests.work.conversation import note
from parvis_testing.desk import ANA


@pytest.fixture
async def hole(desk):
    return await desk.request("hole", "roads")


def day_in(days: int) -> dict[str, str]:
    day = local_day(clock.now() + timedelta(days=days))
    return {"day__day": str(day.day), "day__month": str(day.month), "day__year": str(day.year)}


async def test_a_date_is_moved_with_its_reason_and_the_person_is_told(desk, hole):
    clerk = await desk.signed_in()
    path = f"/bureau/requete/{hole.reference}"
    await clerk.get(path)
    assert "Changer la date" in clerk.text
    await clerk.get(f"{path}/promesse")
    await clerk.post(f"{path}/promesse", **day_in(30), reason="Le dégel tarde.", version=str(hole.version))
    assert "La date promise est changée" in clerk.text
    assert "Le dégel tarde." in clerk.text
    assert "Nouvelle date promise" in clerk.text
    moved = await desk.record(hole.reference)
    assert local_day(moved.promised_at) == local_day(clock.now() + timedelta(days=30))
    assert local_day(moved.promised_at) != local_day(hole.promised_at)
    assert [row for row in await Delivery.select(Delivery.event) if "rescheduled" in row["event"]]
    assert not [row for row in await Delivery.select(Delivery.event) if "dégel" in row["event"]]


async def test_what_is_missing_is_asked_for_and_what_was_typed_stays(desk, hole):
    clerk = await desk.signed_in()
    path = f"/bureau/requete/{hole.reference}/promesse"
    await clerk.get(path)
    page = await clerk.post(path, day__day="31", day__month="2", day__year="2027", reason="Mot à garder")
    assert page.status_code == 422
    assert "Mot à garder" in clerk.text
    page = await clerk.post(path, **day_in(5), reason="")
    assert page.status_code == 422
    assert (await desk.record(hole.reference)).version == hole.version


async def test_a_request_that_a_colleague_changed_is_looked_at_first(desk, hole):
    clerk = await desk.signed_in()
    path = f"/bureau/requete/{hole.reference}/promesse"
    await clerk.get(path)
    await note(desk.host, hole.reference, "Vu sur place.", actor=ANA)
    page = await clerk.post(path, **day_in(9), reason="x", version=str(hole.version))
    assert page.status_code == 409
    assert (await desk.record(hole.reference)).promised_at == hole.promised_at


async def test_only_who_works_on_the_request_moves_its_date(desk, hole):
    watcher = await desk.signed_in("observer")
    await watcher.get(f"/bureau/requete/{hole.reference}")
    assert "Changer la date" not in watcher.text
    page = await watcher.get(f"/bureau/requete/{hole.reference}/promesse")
    assert page.status_code == 403
