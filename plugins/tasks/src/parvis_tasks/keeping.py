"""Tasks taken from the answers of plugins: each once by its key, and back again; all in the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from msgspec import structs

from parvis import clock
from parvis.db.statements import insert_values
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import (
    add_business_days,
    add_business_time,
    business_time_between,
    local_day,
    midnight_after,
)
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Situation, Write, change_within
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.task_keeping import Given
from parvis_sdk.cleaning import clean
from parvis_sdk.tasks import LONGEST_WORDS, MOST_OPEN, TOO_MANY_OPEN, Escalation, Task, TaskOver, tasks_taken
from parvis_sdk.text import Text
from parvis_tasks.tables import PluginTask

NOT_GIVEN = Text(
    fr="Une tâche de l’extension «\u00a0{plugin}\u00a0» a été refusée\u00a0: {why}",
    en="A task from the plugin “{plugin}” was rejected: {why}",
)
NO_UNIT = Text(
    fr="L’extension «\u00a0{plugin}\u00a0» demande une tâche à l’unité {unit}, qui n’existe pas ici. La "
    "tâche est attribuée à l’unité de la requête.",
    en="The plugin “{plugin}” gives a task to the unit {unit}, which does not exist here. The task is "
    "assigned to the request’s unit.",
)


async def keep(host: Host, record: Record, actor: Actor, given: Given) -> tuple[Text, ...]:
    """Give to people what is not there yet by its key, take back what is over; what is to be noted of it."""
    town, plugin = host.jurisdictions.jurisdiction(record.jurisdiction), actor.name
    taken, refused = tasks_taken(given[0], local_day(town.calendar, clock.now()))
    notes = [NOT_GIVEN.format(plugin=plugin, why=why) for why in refused]
    ours = (PluginTask.request == record.id) & (PluginTask.plugin == plugin)
    rows = await PluginTask.select(PluginTask.key, PluginTask.state).where(ours)
    known, waiting = {row["key"] for row in rows}, sum(row["state"] == "open" for row in rows)
    for each in taken:
        if each.key in known:
            continue
        if waiting >= MOST_OPEN:
            notes.append(NOT_GIVEN.format(plugin=plugin, why=TOO_MANY_OPEN.format(most=MOST_OPEN)))
            break
        if each.unit and town.unit(each.unit) is None:
            notes.append(NO_UNIT.format(plugin=plugin, unit=repr(each.unit[:60])))
            each = structs.replace(each, unit="")
        waiting += 1
        await change_within(host, record.reference, partial(_given, host, actor, each), actor=actor)
    known |= {each.key for each in taken}
    for over in (each for each in given[1] if each.key in known):
        await change_within(host, record.reference, partial(_over, actor, over), actor=actor)
    return tuple(notes)


def withdraw(here: Situation) -> Write:
    """What takes back all that is open of a request that is closed."""
    return partial(_withdrawn, here)


async def _withdrawn(here: Situation) -> None:
    still = (PluginTask.request == here.record.id) & (PluginTask.state == "open")
    await _end(still, "withdrawn", here.at)


def plainly(text: Text) -> Text:
    """A title in one line, for subjects of mails and titles of the history."""
    return text.each(lambda words, _: " ".join(clean(words).split()))


def cleanly(text: Text) -> Text:
    """Words without what no page shows, as long as they may be."""
    return text.each(lambda words, _: clean(words)[:LONGEST_WORDS])


async def _given(host: Host, actor: Actor, task: Task, here: Situation) -> Change:
    title = plainly(task.title)
    due_at = (
        midnight_after(here.town.calendar, task.due)
        if task.due is not None
        else add_business_days(here.town.calendar, here.at, task.days)
    )
    row = {
        "id": new_id(),
        "request": here.record.id,
        "plugin": actor.name,
        "key": task.key,
        "title": msgspec.json.encode(title).decode(),
        "what": msgspec.json.encode(cleanly(task.what)).decode() if task.what else "",
        "unit": task.unit,
        "doer": task.by,
        "state": "open",
        "given_at": here.at,
        "due_at": due_at,
        "escalate": msgspec.json.encode(task.escalate).decode(),
        "escalated": 0,
        "next_at": next(iter(moments(here.town, here.at, due_at, task.escalate)), None),
        "ended_at": None,
    }
    body = {"plugin": actor.name, "key": task.key, "unit": task.unit, "due_at": due_at.isoformat()}
    line = Line(kind="task_given", audience="internal", body=body, personal={"title": structs.asdict(title)})
    return Change(line=line, writes=(partial(insert_values, PluginTask, row),))


def moments(
    town: Jurisdiction, given_at: datetime, due_at: datetime, escalate: Iterable[Escalation]
) -> tuple[datetime, ...]:
    """When it is told that a task is not done: after shares of its term while the town is open."""
    whole = business_time_between(town.calendar, given_at, due_at)
    return tuple(
        due_at if each.at == 100 else add_business_time(town.calendar, given_at, whole * each.at / 100)
        for each in escalate
    )


async def _over(actor: Actor, over: TaskOver, here: Situation) -> Change | None:
    ours = (PluginTask.request == here.record.id) & (PluginTask.plugin == actor.name) & (PluginTask.key == over.key)
    row = await PluginTask.select(PluginTask.id, PluginTask.title).where(ours & (PluginTask.state == "open")).first()
    if row is None:
        return None
    title = msgspec.json.decode(row["title"], type=Text)
    personal = {"title": structs.asdict(title)} | ({"note": structs.asdict(cleanly(over.why))} if over.why else {})
    body = {"plugin": actor.name, "key": over.key, "result": over.result}
    line = Line(kind="task_over", audience="internal", body=body, personal=personal)
    return Change(line=line, writes=(partial(_end, PluginTask.id == row["id"], over.result, here.at),))


async def _end(which: Any, state: str, at: datetime) -> None:
    ended: Row = {"state": state, "ended_at": at, "next_at": None}
    await PluginTask.update(ended).where(which)
