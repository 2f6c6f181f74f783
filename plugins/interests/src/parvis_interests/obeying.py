"""Declarations are obeyed: as a request is written, and in those that were there before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from parvis import clock
from parvis.db import transaction
from parvis.db.advisory_locks import turn_of
from parvis.db.tables import Row, ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addresses import Addresses
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import AlreadyErased, Change, Situation, change
from parvis.requests.contacts import contact_of, known_of_all
from parvis.requests.declarations import type_of_record
from parvis.requests.exclusions import RequestSubject, exclusion
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.parties import parties_of
from parvis.requests.records import record_of
from parvis_interests.declarations import (
    DeclaredInterest,
    InterestSubject,
    addresses_known,
    concerned_by,
    concerns,
    declare_interest,
    interest_of,
    interests_in,
)
from parvis_interests.tables import DeclaredInterest as InterestTable
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Requester

NAME = "interests"
TOGETHER = 500
MOST = 20_000  # requests looked through by one run of the chore
SETTLED = timedelta(minutes=2)  # after a declaration: by then whatever was being written without it is there


async def excluded(host: Host, town: Jurisdiction, subjects: Sequence[RequestSubject]) -> frozenset[str]:
    """Inside a transaction: the people of the town who declared ahead that they have to do with one of these."""
    standing = await interests_in(town.code)
    if not standing:
        return frozenset()
    known = addresses_known(host, town)
    found = [await _concerned(known, subject) for subject in subjects]
    return frozenset(each.agent for each in standing if any(concerns(each, one) for one in found))


async def _concerned(addresses: Sequence[Addresses], subject: RequestSubject) -> InterestSubject:
    """What a request is about, with the people let into it where its type lets anybody in."""
    let_in = await parties_of(subject.record.id) if subject.request_type.parties and not subject.new else ()
    contact = subject.contact or await contact_of(subject.record)
    others = [*subject.others, *((each.name, each.email) for each in let_in)]
    return concerned_by(addresses, subject.request_type, subject.record, contact, others)


async def declare_ahead(
    host: Host, town: Jurisdiction, agent: str, name: str, kind: Any, words: str, reason: str
) -> DeclaredInterest | Problems:
    """Write a declaration, and hide every open request that it is about from its author, before anything else.

    A chore does the same for closed ones, within minutes.
    """
    async with transaction(host.engine):
        await turn_of(host.engine, f"{NAME} {agent}")  # a button pressed twice would have it declared twice
        made = await declare_interest(host, town, agent, name, kind, words, reason)
    if isinstance(made, DeclaredInterest):
        after: UUID | None = UUID(int=0)
        while after is not None:
            after = await _keep_some(host, town, made, after, only_open=True)
    return made


async def obey_declared(host: Host) -> int:
    """Search the requests older than each declaration that was not yet applied everywhere; returns how many were
    hidden.

    Declarations are not applied in towns without the module. Once it is back, requests filed meanwhile are searched.
    """
    table, done = InterestTable, 0
    await _rest(host)
    waiting = table.swept_at.is_null() & table.ended_at.is_null() & (table.made_at < clock.now() - SETTLED)
    for row in await table.select().where(waiting).order_by(table.made_at):
        town, interest = host.jurisdictions.get(row["jurisdiction"]), interest_of(row)
        after: UUID | None = row["swept_to"] or UUID(int=0)
        while town is not None and _is_on(host, town) and after is not None and done < MOST:
            after = await _keep_some(host, town, interest, after)
            done += TOGETHER
            reached: Row = {"swept_to": after} if after else {"swept_at": clock.now()}
            async with transaction(host.engine):
                await table.update(reached).where(table.id == interest.id)
    return done


def _is_on(host: Host, town: Jurisdiction) -> bool:
    return host.modules.of(town).has(NAME)


async def _rest(host: Host) -> None:
    """What was looked through is to be again: where the module is off, and where it was since, however shortly."""
    table = InterestTable
    looked = table.ended_at.is_null() & (table.swept_at.is_not_null() | table.swept_to.is_not_null())
    afresh: Row = {"swept_at": None, "swept_to": None}
    for town in host.jurisdictions.by_code.values():
        again = (table.jurisdiction == town.code) & looked
        if _is_on(host, town):
            said = host.modules.said_of(town, NAME)
            known = _known_at(said.at) if said else None
            if known is None:
                continue
            again &= table.swept_at < known
        if await table.exists().where(again):  # nearly never: nothing is written where nothing is due
            async with transaction(host.engine):
                await table.update(afresh).where(again)


def _known_at(decided: datetime) -> datetime | None:
    """By when every process went by a decision, once that is past; until then when it was taken. None where a clock
    that was wrong took it in the future: nothing would ever be looked through after it."""
    return max((at for at in (decided, decided + SETTLED) if at <= clock.now()), default=None)


async def _keep_some(
    host: Host, town: Jurisdiction, interest: DeclaredInterest, after: UUID, *, only_open: bool = False
) -> UUID | None:
    """The next requests of the town; where to go on, None at the end."""
    table = ServiceRequest
    wanted = (table.jurisdiction == town.code) & (table.id > after) & table.erased_at.is_null()
    if only_open:
        wanted = wanted & (table.phase != "closed")
    rows = await table.select().where(wanted).order_by(table.id).limit(TOGETHER)
    records = [record_of(row) for row in rows]
    known, addresses = await known_of_all(records), addresses_known(host, town)
    for record in records:
        if interest.agent not in record.excluded_agents:
            request_type = await type_of_record(host, record)
            asked = known[record.id][0] if record.id in known else None
            subject = RequestSubject(
                request_type=request_type, record=record, contact=asked or Requester(mode="anonymous")
            )
            if concerns(interest, await _concerned(addresses, subject)):
                await _keep(host, record.reference, interest)
    return records[-1].id if len(records) == TOGETHER else None


async def _keep(host: Host, reference: str, interest: DeclaredInterest) -> None:
    try:
        await change(host, reference, partial(_plan, interest), actor=SYSTEM)
    except AlreadyErased:
        return


async def _plan(interest: DeclaredInterest, here: Situation) -> Change | None:
    if interest.agent in here.record.excluded_agents:
        return None
    body = {"agent": interest.agent, "name": interest.name, "declared": True}
    return exclusion(here, interest.agent, Line(kind="kept_away", audience="internal", body=body), SYSTEM)
