"""Updates of requests: the public history for those who mirror it, and what a client posts, which moves nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from parvis import clock
from parvis.api.calls import viewer_of_token
from parvis.db import NotUnique, in_transaction_of_its_own, insert_values
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.people.tokens import MachineToken
from parvis.requests.actors import Actor
from parvis.requests.declarations import type_of_record
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.lists.search import Filters, public_requests
from parvis.requests.records import Record, find, records_of
from parvis.requests.timeline import story
from parvis.requests.visibility import PUBLIC, Viewer, may, sees
from parvis.requests.work.conversation import note_within
from parvis_open311.filing import media_of, one
from parvis_open311.query import is_open, moment, period
from parvis_open311.refusals import refused
from parvis_open311.tables import Open311Update
from parvis_sdk.cleaning import clean

Sent = Mapping[str, tuple[str, ...]]
USUALLY = timedelta(days=1)
MOST = 1000
STATUSES = (
    *("OPEN", "CLOSED", "INVESTIGATING", "IN_PROGRESS", "ACTION_SCHEDULED", "FIXED", "NO_FURTHER_ACTION"),
    *("NOT_COUNCILS_RESPONSIBILITY", "DUPLICATE", "INTERNAL_REFERRAL", "FOR_TRIAGE", "CANCELLED", "REOPEN"),
)
LONGEST = 4000


async def updates_between(host: Host, town: Jurisdiction, asked: Sent, language: str) -> tuple[dict[str, Any], ...]:
    """Public entries of histories between two moments, the last day when none is named, in the order of time."""
    given = period(asked) if {"start_date", "end_date"} & asked.keys() else (None, None)
    since, until = given[0] or clock.now() - USUALLY, given[1] or clock.now() + timedelta(minutes=1)
    found: list[tuple[datetime, dict[str, Any]]] = []
    cursor, filters = "", Filters(updated_since=since)
    while True:
        page = await public_requests(host, town.code, filters, sort="updated", limit=200, cursor=cursor)
        for record in await records_of([row.reference for row in page.rows]):
            found += await _of(host, town, record, since, until, language)
        if not (cursor := page.next_cursor) or len(found) >= MOST:
            break
    return tuple(update for _, update in sorted(found, key=lambda each: (each[0], each[1]["update_id"]))[:MOST])


async def _of(
    host: Host, town: Jurisdiction, record: Record, since: datetime, until: datetime, language: str
) -> list[tuple[datetime, dict[str, Any]]]:
    request_type, zone = await type_of_record(host, record), ZoneInfo(town.calendar.time_zone)
    open_ = is_open(request_type, record.state, record.phase)
    return [
        (
            line.at,
            {
                "update_id": f"{record.reference}-{line.number}",
                "service_request_id": record.reference,
                "status": "OPEN" if open_ else "CLOSED",
                "updated_datetime": line.at.astimezone(zone),
                "description": "\n".join(filter(None, (line.title, line.words))),
                "media_url": "",
            },
        )
        for line in await story(host, record, PUBLIC, language)
        if since <= line.at < until
    ]


async def take_update(host: Host, town: Jurisdiction, token: MachineToken, sent: Sent) -> str:
    """What a client tells of a request, as a note for the people of the town; its id here. The same once."""
    given, status = one(sent, "update_id"), one(sent, "status").upper()
    if not given:
        raise refused(400, "update_id manque.", "update_id is required.")
    if status and status not in STATUSES:
        raise refused(400, "status n’est pas un état connu.", "status is no state that is known.")
    moment(sent, "updated_datetime")
    record, viewer = await find(host, one(sent, "service_request_id")), viewer_of_token(host, token)
    is_there = record is not None and record.jurisdiction == town.code and record.erased_at is None
    if record is None or not is_there or not await _knows(host, viewer, record):
        raise refused(404, "Aucune requête ne porte ce numéro.", "No request has this number.")
    if not may(viewer, "work", record, host.jurisdictions):
        raise refused(403, "api_key n’est pas valide pour cette requête.", "api_key was invalid for this request.")
    words = clean("\n".join(sent.get("description", ()))).strip()
    if len(words) > LONGEST:
        raise refused(400, f"description dépasse {LONGEST} caractères.", f"description is longer than {LONGEST}.")
    if not words and not status and not sent.get("media_url"):
        raise refused(400, "description ou status manque.", "description or status is required.")
    told = "\n".join(filter(None, (f"[{status}]" if status else "", words, *media_of(sent))))
    mark = sha256(given.encode("utf-8", "backslashreplace")).hexdigest()
    entry = await _known(record, token, mark)
    if entry is None:
        entry = await _kept(host, record, token, mark, told)
    return f"{record.reference}-{entry}"


async def _knows(host: Host, viewer: Viewer, record: Record) -> bool:
    """Whether a client may know that a request exists: it is public, its key reads it, or it filed it itself."""
    if any(sees(each, record, host.jurisdictions) for each in (PUBLIC, viewer)):
        return True
    return (await entries_of(record))[0].actor.id == viewer.id


async def _kept(host: Host, record: Record, token: MachineToken, mark: str, told: str) -> int:
    actor = Actor(kind="agent", id=token.handle, name=token.name)

    async def write() -> int:
        noted = await note_within(host, record.reference, {"words": told}, actor=actor)
        row = {"id": new_id(), "request": record.id, "token": token.handle, "update_id": mark}
        await insert_values(Open311Update, {**row, "entry": noted.entries, "at": clock.now()})
        return noted.entries

    try:
        return await in_transaction_of_its_own(host.engine, write)
    except NotUnique:  # the same was sent twice at once
        known = await _known(record, token, mark)
        if known is None:
            raise
        return known


async def _known(record: Record, token: MachineToken, mark: str) -> int | None:
    row = (
        await Open311Update.select(Open311Update.entry)
        .where(
            (Open311Update.request == record.id)
            & (Open311Update.token == token.handle)
            & (Open311Update.update_id == mark)
        )
        .first()
    )
    return int(row["entry"]) if row else None
