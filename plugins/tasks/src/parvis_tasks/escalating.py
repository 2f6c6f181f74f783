"""Tasks that are slow: who is told as they say, their plugin as well; what the history says of it."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from msgspec import structs

from parvis import clock
from parvis.i18n import format_date, speaking
from parvis.outbox.deliveries import write_message
from parvis.people.agents import Person, agents
from parvis.people.roles import permissions_of
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import AlreadyErased, Change, Situation, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.persons.link_letters import LinkLetter, message_of
from parvis.requests.put_off import due
from parvis.requests.records import Record, get
from parvis_sdk.events import TaskLate
from parvis_sdk.tasks import Escalation
from parvis_sdk.text import Text
from parvis_tasks.keeping import moments
from parvis_tasks.kept_tasks import NAME, KeptTask, open_task
from parvis_tasks.tables import PluginTask

BATCH = 200
MANAGES = {"work", "report"}
LIST = "/bureau/a-faire"
LABEL = Text(fr="Ouvrir la tâche", en="Open the task")
SLOW = Text(fr="Tâche bientôt à échéance\u00a0: {task} ({reference})", en="Task due soon: {task} ({reference})")
LATE = Text(fr="Tâche en retard\u00a0: {task} ({reference})", en="Task overdue: {task} ({reference})")
BODY = Text(
    fr="Une tâche n’est pas encore faite\u00a0: {task}.\n\n{about}\n\nElle est à faire au plus tard le {due}.",
    en="A task is not done yet: {task}.\n\n{about}\n\nIt is due by {due}.",
)
BECAUSE = Text(
    fr="Vous recevez ce message parce que vous êtes responsable de cette unité, ou parce que cette "
    "adresse est celle de l’unité.",
    en="You receive this message because you are responsible for this unit, or because this is the unit’s address.",
)


async def escalate_due(host: Host) -> int:
    """Escalate what is slow, as each task says; how many were."""
    if not (requests := await due(host, PluginTask, "next_at", module=NAME)):
        return 0
    ripe = (PluginTask.next_at <= clock.now()) & PluginTask.request.is_in(requests)
    rows = (
        await PluginTask.select(PluginTask.id, PluginTask.request)
        .where(ripe)
        .order_by(PluginTask.next_at, PluginTask.id)
        .limit(BATCH)
    )
    everybody = await agents(host.engine)
    told = 0
    for row in rows:
        record = await get(host, row["request"])
        plan = partial(_plan, host, row["id"], everybody)
        try:
            told += isinstance(await change(host, record.reference, plan, actor=SYSTEM), Record)
        except AlreadyErased:  # since we looked
            continue
    return told


async def _plan(host: Host, id: UUID, everybody: tuple[Person, ...], here: Situation) -> Change | None:
    # Judged anew under lock: it may have been done since we looked. Of several moments that were missed, the last.
    task = await open_task(id)
    if task is None or task.next_at is None or task.next_at > here.at:
        return None
    times = moments(here.town, task.given_at, task.due_at, task.escalate)
    past = max(task.escalated + 1, sum(each <= here.at for each in times))
    said, unit = task.escalate[past - 1], task.unit or here.record.unit
    to = receivers(here, said, unit, everybody)
    body = {"plugin": task.plugin, "key": task.key, "unit": unit, "share": said.at}
    return Change(
        line=Line(kind="task_late", audience="internal", body=body, personal={"title": structs.asdict(task.title)}),
        events=(TaskLate(**here.about(SYSTEM), plugin=task.plugin, key=task.key, unit=unit, share=said.at),),
        writes=(
            partial(_write, task.id, past, times[past] if past < len(times) else None),
            *(partial(_tell, host, here, task, said, address, language) for address, language in to),
        ),
    )


def receivers(here: Situation, said: Escalation, unit: str, everybody: Iterable[Person]) -> tuple[tuple[str, str], ...]:
    """The addresses to which an escalation goes, each with its language; people kept from the request are not told."""
    named = _told(here, said, unit)
    path = (*(each.code for each in reversed(here.town.path_of(named))), "")
    if said.to == "unit":
        found = here.town.unit(named)
        return ((found.email, here.town.languages[0]),) if found and found.email else ()
    people = [each for each in everybody if each.active and each.id not in here.record.excluded_agents]
    levels = ([each for each in people if _manages(each, here, code)] for code in path)
    return tuple((each.email, each.language) for each in next((level for level in levels if level), []))


def _told(here: Situation, said: Escalation, unit: str) -> str:
    return said.unit if here.town.unit(said.unit) else unit


def _manages(person: Person, here: Situation, unit: str) -> bool:
    return any(
        grant.jurisdiction == here.town.code
        and grant.unit == unit
        and permissions_of(grant.role) >= MANAGES
        and (not grant.zones or here.record.zone in grant.zones)
        for grant in person.grants
    )


async def _write(id: UUID, past: int, next_at: datetime | None) -> None:
    of = PluginTask
    await of.update({of.escalated: past, of.next_at: next_at}).where(of.id == id)


async def _tell(host: Host, here: Situation, task: KeptTask, said: Escalation, address: str, language: str) -> None:
    with speaking(language, here.town.time_zone):
        due = format_date(task.due_at)
    named = {"task": task.title, "reference": here.record.reference}
    about = Text(fr=f"Requête {here.record.reference}", en=f"Request {here.record.reference}")
    if _told(here, said, task.unit or here.record.unit) == here.record.unit:  # others read no more than its number
        about = here.request_type.title.each(lambda words, _: f"{words}, {here.record.reference}")
    letter = LinkLetter(
        to=address,
        language=language,
        subject=(LATE if said.at >= 100 else SLOW).format(**named),
        body=BODY.format(**named, about=about, due=due),
        label=LABEL,
        link=f"{town_url(host, here.town)}{LIST}",
        because=BECAUSE,
    )
    await write_message(message_of(here.town, letter), request=here.record.id, reference=here.record.reference)
