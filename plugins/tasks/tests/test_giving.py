"""A task of a plugin is given once by its key, checked as what a stranger says, and taken back."""

from datetime import date, timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.requests.lifecycle import make_move
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.tasks import MOST_OPEN, MOST_TASKS, Escalation, TaskOver
from parvis_sdk.text import Text
from parvis_testing.desk import ANA
from parvis_testing.modules import switch

from .asking import MONDAY, task


async def test_a_task_stands_once_with_its_unit_and_its_term_in_business_days(town):
    with clock.moved_to(MONDAY):
        record = await town.asks(Outcome(tasks=(task(unit="parks", days=5),)), Outcome(tasks=(task(title="Autre"),)))
    (kept,) = await town.tasks(record)
    assert (kept.plugin, kept.title.fr, kept.unit, kept.state) == ("town", "Voir le trou", "parks", "open")
    assert kept.due_at.date() == (MONDAY + timedelta(days=7)).date()
    assert "Tâche demandée par l’extension « town » : Voir le trou" in await town.told(record)


async def test_a_task_by_a_day_is_due_as_that_day_ends(town):
    with clock.moved_to(MONDAY):
        record = await town.asks(Outcome(tasks=(task(due=date(2026, 9, 16)),)))
    (kept,) = await town.tasks(record)
    assert kept.due_at.isoformat() == "2026-09-17T04:00:00+00:00"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (task(title=" "), "elle n’a pas de titre"),
        (task(title="\x00"), "elle n’a pas de titre"),
        (task(key=""), "elle n’a pas de clé"),
        (task(key="x" * 81), "elle n’a pas de clé"),
        (task(key="a\x00b"), "elle n’a pas de clé"),
        (task(title="x" * 151), "son titre a plus de 150"),
        (structs.replace(task(), title=Text(fr="Voir", others={"iu": "x" * 151})), "son titre a plus de 150"),
        (task(what=Text(fr="x", others={"iu": "x" * 4001})), "ce qu’elle dit a plus de 4000"),
        (task(what=Text(fr="x" * 4001)), "ce qu’elle dit a plus de 4000"),
        (task(days=0), "0 jours ouvrables ne sont pas un délai"),
        (task(due=date(2020, 1, 1)), "son jour, le 2020-01-01, est passé"),
        (task(due=date(2099, 1, 1)), "son jour, le 2099-01-01, est trop loin"),
        (task(escalate=(Escalation(at=100), Escalation(at=50))), "ne vont pas en montant"),
        (task(escalate=(Escalation(at=0),)), "ne vont pas en montant"),
        (task(escalate=(Escalation(),) * 6), "avertit plus de 5 fois"),
    ],
)
async def test_what_is_no_task_is_noted_with_its_reason(town, wrong, why):
    with clock.moved_to(MONDAY):
        record = await town.asks(Outcome(tasks=(wrong,)))
    assert await town.tasks(record) == ()
    said = await town.told(record)
    assert any("Une tâche de l’extension « town » a été refusée" in each and why in each for each in said), said


async def test_what_no_page_and_no_subject_can_hold_is_left_out(town):
    strange = task(title="Voir\r\nle\x00 trou", what=Text(fr="Un\x00 mot"))
    record = await town.asks(Outcome(tasks=(strange,), tasks_over=(TaskOver(key="a\x00b"),)))
    (kept,) = await town.tasks(record)
    assert (kept.title.fr, kept.what.fr, kept.state) == ("Voir le trou", "Un mot", "open")


async def test_a_unit_that_is_not_there_becomes_that_of_the_request(town):
    record = await town.asks(Outcome(tasks=(task(unit="nowhere"),)))
    assert [each.unit for each in await town.tasks(record)] == [""]
    assert any("à l’unité 'nowhere', qui n’existe pas ici" in each for each in await town.told(record))


async def test_a_hundred_tasks_are_twenty_at_once_and_fifty_in_all(town):
    many = [tuple(task(f"{turn}-{each}") for each in range(100)) for turn in range(3)]
    record = await town.asks(Outcome(tasks=many[0]))
    assert len(await town.tasks(record)) == MOST_TASKS
    for each in many[1:]:
        await town.says(record, Outcome(tasks=each))
    assert len(await town.tasks(record)) == MOST_OPEN
    assert any("plus de 50 tâches de l’extension attendent" in each for each in await town.told(record))


async def test_two_tasks_of_one_key_at_once_are_one_and_said(town):
    record = await town.asks(Outcome(tasks=(task(), task(title="Autre"))))
    assert [each.title.fr for each in await town.tasks(record)] == ["Voir le trou"]
    assert any("deux tâches y ont la clé 'look'" in each for each in await town.told(record))


async def test_its_plugin_takes_a_task_back_by_its_key_and_the_history_says_why(town):
    record = await town.asks(Outcome(tasks=(task(), task("call"))))
    over = (TaskOver(key="look", result="done", why=Text(fr="Vu ailleurs")), TaskOver(key="unknown"))
    await town.says(record, Outcome(tasks_over=over))
    assert sorted(await town.states(record)) == [("call", "open"), ("look", "done")]
    assert "Tâche retirée par l’extension « town » : Voir le trou Vu ailleurs" in await town.told(record)
    await town.says(record, Outcome(tasks=(task(),)))
    assert sorted(await town.states(record)) == [("call", "open"), ("look", "done")]


async def test_what_is_open_goes_with_a_request_that_is_closed_and_what_comes_afterwards_waits(town):
    record = await town.asks(Outcome(tasks=(task(),)))
    await make_move(town.host, record.reference, "resolve", {}, actor=ANA, mover="agent")
    assert await town.states(record) == [("look", "withdrawn")]
    await town.says(record, Outcome(tasks=(task("drop"),)))
    assert await town.states(record) == [("drop", "open"), ("look", "withdrawn")]


async def test_a_move_that_is_refused_leaves_the_task_of_the_same_answer(town):
    record = await town.asks(Outcome(move="start", tasks=(task(),)))
    assert (record.state, await town.states(record)) == ("received", [("look", "open")])  # the system may not start it


async def test_where_tasks_are_off_what_was_wanted_is_noted(town):
    await switch(town.host, "off", "tasks")
    record = await town.asks(Outcome(tasks=(task(),)))
    assert await town.tasks(record) == ()
    assert any(
        "demande « Voir le trou » : les tâches ne sont pas en service ici" in each for each in await town.told(record)
    )


async def test_nobody_but_the_plugin_whose_task_it_is_hears_of_it(town):
    from parvis_sdk.events import TaskDone

    about = {"id": "1", "reference": "x", "at": MONDAY, "actor": "agent", "key": "look", "unit": "roads"}
    heard = [town.host.plugins.subscribers(TaskDone(**about, plugin=name), "hole") for name in ("town", "other")]
    assert [[each.name for each in found] for found in heard] == [["town.ask"], []]
