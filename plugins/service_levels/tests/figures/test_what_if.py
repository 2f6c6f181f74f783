"""Trying other levels at the desk: one sentence, its curve and table, within what a manager may see."""

from datetime import UTC, datetime

from parvis import clock
from parvis.requests.lifecycle import make_move
from parvis_testing.desk import ANA, said

MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)
PAGE = "/bureau/tableau/essai?depuis=2026-09-01&jusqua=2026-09-30"


async def finished(desk, unit: str, *days: int) -> None:
    for each in days:
        with clock.moved_to(MONDAY) as time:
            reference = (await desk.request("hole", unit)).reference
            time.forward(days=each)
            await make_move(desk.host, reference, "resolve", {}, actor=ANA, mover="agent")


async def test_a_manager_reads_what_other_days_would_have_come_to(desk):
    await finished(desk, "roads", 1, 2, 3, 4, 9, 9, 10, 10, 11, 25)
    manager = await desk.signed_in("manager")
    await manager.get(f"{PAGE}&jours=8")
    assert "Avec 8 jours ouvrables au lieu de 5 : 80 % des dates respectées." in manager.text
    assert "Avec 9 jours ouvrables, 9 dates promises sur 10 auraient été respectées." in manager.text
    assert "Avec les délais réellement promis, dates respectées : 4; manquées : 6." in manager.text
    assert "80 % (8 / 10)" in manager.text  # the table under the curve
    await manager.get("/bureau/tableau")
    assert said("Response time simulation") in manager.text


async def test_only_the_units_that_one_reports_on_are_counted(desk):
    await finished(desk, "roads", 1)
    await finished(desk, "lighting", 20, 20)
    manager = await desk.signed_in("manager", "roads")
    await manager.get(f"{PAGE}&jours=1&unite=lighting")
    assert said("No data") in manager.text
    await manager.get(f"{PAGE}&jours=1")
    assert "100 % (1 / 1)" in manager.text


async def test_an_empty_choice_and_an_odd_number_of_days_are_answered(desk):
    manager = await desk.signed_in("manager")
    for days in ("", "0", "x", "9999", "-3"):
        page = await manager.get(f"{PAGE}&jours={days}")
        assert page.status_code == 200
    assert said("No data") in manager.text
