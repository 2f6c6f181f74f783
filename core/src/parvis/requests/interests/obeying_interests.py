"""Requests of before a declaration, and changed ones: kept from whoever declared that they have to do with them."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from parvis import clock
from parvis.db import unit
from parvis.db.interest_tables import DeclaredInterest as InterestTable
from parvis.db.part_tables import Party as PartyRow
from parvis.db.tables import Row, ServiceRequest
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import AlreadyErased, Change, Situation, change
from parvis.requests.contacts import contact_of, known_of_all
from parvis.requests.declarations import type_of_record
from parvis.requests.heart import Heart
from parvis.requests.history import Line
from parvis.requests.interests.declared_interests import (
    Concerned,
    DeclaredInterest,
    concerned_by,
    concerns,
    declare_interest,
    interest_of,
    interests_in,
)
from parvis.requests.records import Record, record_of
from parvis.territory import Jurisdiction
from parvis_sdk.events import Assigned
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Requester

TOGETHER = 500
MOST = 20_000  # requests looked through by one run of the chore
SETTLED = timedelta(minutes=2)  # after a declaration: by then whatever was being written without it is there


async def declare_ahead(
    heart: Heart, town: Jurisdiction, agent: str, name: str, kind: Any, words: str, reason: str
) -> DeclaredInterest | Problems:
    """Write a declaration, and keep every open request that it is about from whoever made it, before anything else.

    What is closed follows by a chore, within minutes.
    """
    async with unit(heart.engine):
        made = await declare_interest(town, agent, name, kind, words, reason)
    if isinstance(made, DeclaredInterest):
        after: UUID | None = UUID(int=0)
        while after is not None:
            after = await _keep_some(heart, town, made, after, only_open=True)
    return made


async def obey_declared(heart: Heart) -> int:
    """Look through the requests of before each declaration that was not yet obeyed everywhere; how many it was."""
    table, done = InterestTable, 0
    waiting = table.swept_at.is_null() & table.ended_at.is_null() & (table.made_at < clock.now() - SETTLED)
    for row in await table.select().where(waiting).order_by(table.made_at):
        town, interest = heart.territory.get(row["jurisdiction"]), interest_of(row)
        after: UUID | None = row["swept_to"] or UUID(int=0)
        while town is not None and after is not None and done < MOST:
            after = await _keep_some(heart, town, interest, after)
            done += TOGETHER
            reached: Row = {"swept_to": after} if after else {"swept_at": clock.now()}
            async with unit(heart.engine):
                await table.update(reached).where(table.id == interest.id)
    return done


async def _keep_some(
    heart: Heart, town: Jurisdiction, interest: DeclaredInterest, after: UUID, *, only_open: bool = False
) -> UUID | None:
    """The next requests of the town; where to go on, None at the end."""
    table = ServiceRequest
    wanted = (table.jurisdiction == town.code) & (table.id > after) & table.erased_at.is_null()
    if only_open:
        wanted = wanted & (table.phase != "closed")
    rows = await table.select().where(wanted).order_by(table.id).limit(TOGETHER)
    records = [record_of(row) for row in rows]
    known = await known_of_all(records)
    for record in records:
        if interest.agent not in record.kept_from:
            kind = await type_of_record(heart, record)
            contact = known[record.id][0] if record.id in known else None
            if concerns(interest, await concerned_now(town, kind, record, contact)):
                await _keep(heart, record.reference, interest)
    return records[-1].id if len(records) == TOGETHER else None


async def concerned_now(
    town: Jurisdiction,
    kind: RequestType,
    record: Record,
    contact: Requester | None,
    others: Sequence[tuple[str, str]] = (),
) -> Concerned:
    """What a request is about, with the people let into it where its type lets anybody in."""
    names = PartyRow.select(PartyRow.name, PartyRow.email).where(PartyRow.request == record.id)
    let_in = await names if kind.parties else []
    return concerned_by(town, kind, record, contact, [*others, *((each["name"], each["email"]) for each in let_in)])


async def _keep(heart: Heart, reference: str, interest: DeclaredInterest) -> None:
    try:
        await change(heart, reference, partial(_plan, interest), actor=SYSTEM)
    except AlreadyErased:
        return


async def _plan(interest: DeclaredInterest, here: Situation) -> Change | None:
    was = here.record
    if interest.agent in was.kept_from:
        return None
    columns, held = kept_columns(was, [interest.agent])
    gone = (Assigned(**here.about(SYSTEM), unit=was.unit),) if held else ()
    body = {"agent": interest.agent, "name": interest.name, "declared": True}
    return Change(line=Line(kind="kept_away", audience="internal", body=body), columns=columns, events=gone)


def kept_columns(record: Record, agents: Sequence[str]) -> tuple[dict[str, Any], bool]:
    """The columns with which a request is kept from these people too, and whether one of them held it."""
    columns: dict[str, Any] = {"kept_from": tuple(sorted({*record.kept_from, *agents}))}
    held = record.assignee is not None and str(record.assignee) in agents
    return columns | ({"assignee": None} if held else {}), held


async def kept_after(
    town: Jurisdiction,
    kind: RequestType,
    record: Record,
    contact: Requester | None = None,
    others: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """Inside a unit that changes what a request is about: the columns that follow; none where nothing does.

    `others` are names and addresses that come to it by the change.
    """
    standing = await interests_in(town.code)
    if not standing:
        return {}
    person = contact or await contact_of(record)
    about = await concerned_now(town, kind, record, person, others)
    agents = sorted({each.agent for each in standing if concerns(each, about)} - set(record.kept_from))
    return kept_columns(record, agents)[0] if agents else {}


async def declared_over(town: Jurisdiction, kind: RequestType, record: Record, agent: str) -> bool:
    """Whether what somebody declared ahead keeps this very request from them."""
    about = await concerned_now(town, kind, record, await contact_of(record))
    return any(each.agent == agent and concerns(each, about) for each in await interests_in(town.code))
