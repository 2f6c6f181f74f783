"""The ledger of what was announced about an incident: a page, and the same as a sheet."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from parvis import clock, i18n
from parvis.i18n import gettext, pgettext
from parvis.people.agents import as_id
from parvis.sheets import sheet
from parvis.web.desk.context import AtDesk, DeskContext, case_path
from parvis.web.desk.lists.queue import taken_away
from parvis.web.value_names import method_said
from parvis_incidents.desk.incidents import ONE, found_incident, incident_path
from parvis_incidents.ledger import MOST, STATES, LedgerLine, State, ledger_of

SHOWN = 100
LEDGER = "registre"


@get(f"{ONE}/{LEDGER}")
async def show_ledger(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    """Who was to be told of each message, by which way and what became of it; those of the person's units."""
    room.demand("see")
    one = await found_incident(room, reference)
    number, state, after = _asked(room)
    found = await ledger_of(
        room.host, room.viewer, room.town, one.record.id, number=number, state=state, after=after, limit=SHOWN + 1
    )
    path = f"{incident_path(one.record.reference)}/{LEDGER}"
    narrowed = "&".join(f"{name}={value}" for name, value in (("message", number or ""), ("etat", state)) if value)
    last = f"apres={found[SHOWN - 1].id}" if len(found) > SHOWN else ""
    return room.show(
        "incidents/ledger.html",
        one=one,
        found=found[:SHOWN],
        more=f"{path}?{'&'.join(part for part in (narrowed, last) if part)}" if last else "",
        sheet=f"{path}.csv?{narrowed}" if narrowed else f"{path}.csv",
        number=number,
        state=state,
        states=[("", gettext("Any")), *((each, state_name(each)) for each in STATES)],
        numbers=[("", gettext("Any")), *((str(word.number), i18n.format_datetime(word.at)) for word in one.words)],
        path=path,
        back=incident_path(one.record.reference),
        person_of=person_of,
        state_name=state_name,
        method_said=partial(method_said, room.host),
        case_path=case_path,
    )


@get(f"{ONE}/{LEDGER}.csv")
async def take_ledger(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    """The same as a sheet, whole."""
    room.demand("see")
    one = await found_incident(room, reference)
    number, state, _ = _asked(room)
    rows: list[list[Any]] = []
    after: UUID | None = None
    while True:
        found = await ledger_of(
            room.host, room.viewer, room.town, one.record.id, number=number, state=state, after=after
        )
        rows += [_cells(room, each) for each in found]
        if len(found) < MOST:
            break
        after = found[-1].id
    name = f"parvis-{one.record.reference}-{i18n.local_day(clock.now()).isoformat()}.csv"
    room.takes(name, len(rows))
    headings = [
        gettext("Message"),
        gettext("Request"),
        gettext("Person"),
        gettext("Address"),
        pgettext("ledger", "Channel"),
        gettext("State"),
        gettext("Started on"),
        gettext("State since"),
        gettext("Possible duplicates"),
    ]
    return taken_away(sheet(headings, rows), name, "text/csv")


def _asked(room: DeskContext) -> tuple[int, str, UUID | None]:
    asked = room.request.query_params
    number, state, after = asked.get("message", ""), asked.get("etat", ""), as_id(asked.get("apres", ""))
    return (
        int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 0,
        state if state in STATES else "",
        UUID(str(after)) if after else None,
    )


def _cells(room: DeskContext, each: LedgerLine) -> list[Any]:
    return [
        each.number,
        each.record.reference,
        person_of(each),
        each.address,
        method_said(room.host, each.way),
        state_name(each.state),
        i18n.format_datetime(each.begun_at),
        i18n.format_datetime(each.at) if each.at else "",
        gettext("yes") if each.repeated else "",
    ]


def person_of(each: LedgerLine) -> str:
    """Who it is, for somebody who may know it."""
    if each.follows:
        return gettext("Follower")
    if each.record.identity == "confidential":
        return gettext("A confidential person")
    return each.person or gettext("A person without a name")


def state_name(state: State | str) -> str:
    names = {
        "told": pgettext("ledger", "notified"),
        "on_its_way": pgettext("ledger", "being sent"),
        "to_call": pgettext("ledger", "to call"),
        "failed": pgettext("ledger", "failed"),
    }
    return names.get(state, state)
