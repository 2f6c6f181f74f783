"""What is to be told of late calls, gathered into one mail a person: at once for an emergency, else once an hour."""

from datetime import datetime, timedelta
from uuid import UUID

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import OwedContact, Row, ServiceRequest
from parvis.i18n import format_datetime, speaking
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.outbox.deliveries import write_message
from parvis.people.agents import Person, get_agent
from parvis.requests.declarations import declaration
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.records import Record, record_of
from parvis.requests.visibility import sees
from parvis.viewers import viewer_of
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.text import Text
from parvis_telephone.escalating import NAME
from parvis_telephone.tables import LateCallLetter

PAUSE = timedelta(hours=1)  # between two mails to one person, where no emergency is among them
KEPT = timedelta(days=90)
MOST_PEOPLE, MOST_TOLD, MOST_LINES = 200, 1000, 40
# What was told in the future, by a clock that was wrong, holds nothing back.
WAITING = """
SELECT agent FROM telephone_late_letter WHERE told_at IS NULL AND (is_urgent OR agent NOT IN
  (SELECT agent FROM telephone_late_letter WHERE told_at > {} AND told_at <= {}))
GROUP BY agent ORDER BY MIN(at), agent LIMIT {}
"""
SUBJECT = Text(fr="Appels et lettres en retard\u00a0: {count}", en="Overdue calls and letters: {count}")
LINE = Text(
    fr="{reference} · {title} · à faire au plus tard le {due} · {owner}",
    en="{reference} · {title} · due by {due} · {owner}",
)
URGENT = Text(fr="URGENCE · ", en="EMERGENCY · ")
MORE = Text(fr="… et {count} de plus", en="… and {count} more")
ALL = Text(fr="Voir les appels et les lettres en retard", en="See overdue calls and letters")


async def send_late_letters(host: Host) -> int:
    """Write to everybody for whom something waits; how many mails went."""
    now = clock.now()
    waiting = await LateCallLetter.raw(WAITING, now - PAUSE, now, MOST_PEOPLE)
    sent = 0
    for row in waiting:
        sent += await _write_to(host, await get_agent(host.engine, row["agent"]), row["agent"])
    async with transaction(host.engine):
        await LateCallLetter.delete().where(LateCallLetter.told_at < now - KEPT)
    return sent


async def _write_to(host: Host, person: Person | None, agent: UUID) -> int:
    of = LateCallLetter
    async with transaction(host.engine):
        first = (
            await of.select(of.id).where((of.agent == agent) & of.told_at.is_null()).order_by(of.at).limit(MOST_TOLD)
        )
        if not first:  # somebody else was quicker
            return 0
        # Taken and told in one transaction: a second worker finds nothing left of these.
        taken = await (
            of.update({of.told_at: clock.now()})
            .where(of.id.is_in([row["id"] for row in first]) & of.told_at.is_null())
            .returning(of.call)
        )
        if person is None or not person.active or not taken:
            return 0
        lines, towns = await _lines(host, person, [row["call"] for row in taken])
        if not lines:
            return 0
        more = [MORE.to(person.language).format(count=len(lines) - MOST_LINES)] if len(lines) > MOST_LINES else []
        text = "\n".join([*lines[:MOST_LINES], *more])
        lists = "\n".join(f"{town_url(host, town)}/bureau/appels?quand=en-retard" for town in towns)
        link = f"{ALL.to(person.language)}\n{lists}"
        message = OutgoingMessage(
            to=person.email,
            subject=SUBJECT.to(person.language).format(count=len(lines)),
            text=f"{text}\n\n{link}\n",
            language=person.language,
        )
        await write_message(message, request=new_id(), reference="")
    return 1


async def _lines(host: Host, person: Person, calls: list[UUID]) -> tuple[list[str], list[Jurisdiction]]:
    """What of these is still owed and theirs to see, and in which towns: emergencies first, each with the agent or unit
    who owes it.

    Not their content, and nothing of a town from which nobody calls any more.
    """
    of = OwedContact
    owed = await of.select(of.request, of.way, of.due_at, of.urgency).where(of.id.is_in(calls) & (of.state == "owed"))
    rows = await ServiceRequest.select().where(ServiceRequest.id.is_in(list({row["request"] for row in owed})))
    viewer = viewer_of(person)
    towns = {each: host.jurisdictions.jurisdiction(each) for each in sorted({row["jurisdiction"] for row in rows})}
    served = {code: town for code, town in towns.items() if host.modules.of(town).has(NAME)}
    seen = {
        each.id: each
        for each in map(record_of, rows)
        if each.jurisdiction in served and sees(viewer, each, host.jurisdictions)
    }
    # One call or letter tells all that is owed of a request: it is one line, by the first of them.
    ordered = sorted(owed, key=lambda row: (row["urgency"] != "emergency", row["due_at"], row["request"].bytes))
    first: dict[tuple[UUID, str], Row] = {}
    for row in ordered:
        first.setdefault((row["request"], row["way"]), row)
    lines = [
        (URGENT.to(person.language) if row["urgency"] == "emergency" else "")
        + await _line(host, seen[row["request"]], row["due_at"], person.language)
        for row in first.values()
        if row["request"] in seen
    ]
    told = {each.jurisdiction for each in seen.values()}
    return lines, [town for code, town in served.items() if code in told]


async def _line(host: Host, record: Record, due_at: datetime, language: str) -> str:
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    with speaking(language, town.time_zone):
        due = format_datetime(due_at)
    title = (await declaration(host, record.declaration)).title.to(language)
    owner = await _owner(host, town, record, language)
    said = LINE.to(language).format(reference=record.reference, title=title, due=due, owner=owner)
    return f"{said}\n  {town_url(host, town)}/bureau/requete/{record.reference}"


async def _owner(host: Host, town: Jurisdiction, record: Record, language: str) -> str:
    """Who owes it: the person responsible for the request, else its unit."""
    holder = await get_agent(host.engine, record.assignee) if record.assignee else None
    unit = town.unit(record.unit)
    return holder.name if holder else unit.name.to(language) if unit else record.unit
