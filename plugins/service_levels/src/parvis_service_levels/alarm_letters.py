"""What waits to be told to somebody of the town about promises, gathered into one mail a person and hour."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import local_day
from parvis.outbox.deliveries import write_message
from parvis.requests.declarations import declaration
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.records import Record, record_of
from parvis.requests.visibility import sees
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.quantities import day_shown
from parvis_sdk.text import Text
from parvis_service_levels.staff import Staff
from parvis_service_levels.steps import WARNED
from parvis_service_levels.tables import Alarm

PAUSE = timedelta(hours=1)  # between two mails to one person
KEPT = timedelta(days=90)  # what was told
MOST_PEOPLE = 200  # written to in one run
MOST_TOLD = 1000  # in one mail; the rest is told an hour later
MOST_LINES = 40
WAITING = (
    "SELECT agent FROM alarm WHERE told_at IS NULL AND agent NOT IN (SELECT agent FROM alarm WHERE told_at > {{}}) "
    "GROUP BY agent ORDER BY MIN(at), agent LIMIT {}"
)
SUBJECT = Text(
    fr="Dates promises à surveiller\u00a0: {count} (bientôt à échéance\u00a0: {warned}; dépassées\u00a0: {late})",
    en="Promised dates to watch: {count} (due soon: {warned}; overdue: {late})",
)
LATE = Text(fr="Dépassées", en="Overdue")
SOON = Text(fr="Bientôt à échéance", en="Due soon")
LINE = Text(fr="{reference} · {title} · promise pour le {day}", en="{reference} · {title} · promised for {day}")
MORE = Text(fr="… et {count} de plus", en="… and {count} more")
ALL = Text(fr="Voir toutes ces requêtes dans la file d’attente", en="See all of these requests in the queue")


StaffOf = Callable[[UUID], Awaitable[Staff | None]]


async def send_alarms(host: Host, staff_of: StaffOf) -> int:
    """Write to everybody for whom something waits and who had no such mail within the hour; how many mails went."""
    now = clock.now()
    # People who were just written to do not hold up those who were not.
    waiting = await Alarm.raw(WAITING.format(MOST_PEOPLE), now - PAUSE)
    sent = 0
    for row in waiting:
        sent += await _write_to(host, row["agent"], await staff_of(row["agent"]), now)
    async with transaction(host.engine):
        await Alarm.delete().where(Alarm.told_at < now - KEPT)
    return sent


async def _write_to(host: Host, agent: UUID, staff: Staff | None, now: datetime) -> int:
    table = Alarm
    async with transaction(host.engine):
        untold = (table.agent == agent) & table.told_at.is_null()
        first = await table.select(table.id).where(untold).order_by(table.step, ascending=False).limit(MOST_TOLD)
        if not first:
            return 0
        # Taken and told in one transaction: a second worker finds nothing left of these.
        taken = await (
            table.update({table.told_at: now})
            .where(table.id.is_in([row["id"] for row in first]) & table.told_at.is_null())
            .returning(table.request, table.step, table.due_at)
        )
        if staff is None or not taken:
            return 0
        steps = {row["request"]: (row["step"], row["due_at"]) for row in sorted(taken, key=lambda row: row["step"])}
        rows = await ServiceRequest.select().where(ServiceRequest.id.is_in(list(steps))).order_by(ServiceRequest.id)
        told = [
            (record, *steps[record.id])
            for record in map(record_of, rows)
            if record.closed_at is None and sees(staff.viewer, record, host.jurisdictions)
        ]
        if not told:
            return 0
        message = await _letter(host, staff, sorted(told, key=lambda each: each[2]))
        await write_message(message, request=new_id(), reference="")
    return 1


async def _letter(host: Host, staff: Staff, told: list[tuple[Record, int, datetime]]) -> OutgoingMessage:
    language = staff.language
    towns = [host.jurisdictions.jurisdiction(code) for code in sorted({each[0].jurisdiction for each in told})]
    late = [each for each in told if each[1] > WARNED]
    soon = [each for each in told if each[1] == WARNED]
    parts: list[str] = []
    for heading, group in ((LATE, late), (SOON, soon)):
        lines = [await _line(host, record, due_at, language) for record, _, due_at in group[:MOST_LINES]]
        if len(group) > MOST_LINES:
            lines.append(MORE.to(language).format(count=len(group) - MOST_LINES))
        if lines:
            parts.append("\n".join([heading.to(language), *lines]))
    queues = "\n".join(f"{town_url(host, town)}/bureau?alerte=oui" for town in towns)
    parts.append(f"{ALL.to(language)}\n{queues}")
    subject = SUBJECT.to(language).format(count=len(told), warned=len(soon), late=len(late))
    return OutgoingMessage(to=staff.email, subject=subject, text="\n\n".join(parts) + "\n", language=language)


async def _line(host: Host, record: Record, due_at: datetime, language: str) -> str:
    request_type = await declaration(host, record.declaration)
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    day = day_shown(local_day(town.calendar, due_at)).to(language)
    title = request_type.title.to(language)
    said = LINE.to(language).format(reference=record.reference, title=title, day=day)
    return f"- {said}\n  {town_url(host, town)}/bureau/requete/{record.reference}"
