"""Agents: who works for a town, with which roles over which units."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import Engine, unit
from parvis.db.tables import Agent, Session
from parvis.db.tables import Grant as GrantRow
from parvis.identifiers import new_id
from parvis.people.passwords import hash_password
from parvis.people.roles import permissions_of
from parvis_sdk.cleaning import clean


class Grant(Struct, frozen=True, kw_only=True):
    """One role in one jurisdiction, over one unit and those below it ("" is the whole town), in all zones or some.

    `source` is the provider of sign-in whose groups gave it; "" where a person did.
    """

    role: str
    jurisdiction: str
    unit: str = ""
    zones: tuple[str, ...] = ()
    source: str = ""


class Person(Struct, frozen=True, kw_only=True):
    """Somebody of the town, without anything secret."""

    id: str
    email: str
    name: str
    language: str
    shortcuts: bool
    active: bool
    one_time: bool
    has_password: bool = True
    grants: tuple[Grant, ...] = ()


async def add_agent(
    engine: Engine, *, email: str, name: str, password: str, language: str = "fr", grants: Iterable[Grant] = ()
) -> Person:
    """A new account; `NotUnique` when the e-mail has one already."""
    hashed = await hash_password(password)
    row = Agent(
        id=new_id(),
        email=normal_email(email),
        name=clean(name).strip(),
        password=hashed,
        language=language,
        made_at=clock.now(),
    )
    given = tuple(dict.fromkeys(grants))
    async with unit(engine):
        await row.save()
        await insert_grants(row.id, given)
    return person(row.to_dict(), given)


async def find_agent(engine: Engine, email: str) -> Person | None:
    """The account of that e-mail, signed in or not."""
    row = await Agent.select().where(Agent.email == normal_email(email)).first()
    return person(row, await grants_of(row["id"])) if row else None


async def get_agent(engine: Engine, id: str | UUID) -> Person | None:
    identifier = as_id(id)
    row = await Agent.select().where(Agent.id == identifier).first() if identifier else None
    return person(row, await grants_of(row["id"])) if row else None


async def agents(engine: Engine, jurisdiction: str = "") -> tuple[Person, ...]:
    """Everyone, in the order of their names; or only those with a role in one jurisdiction."""
    rows = await Agent.select().order_by(Agent.name)
    granted: dict[UUID, list[Grant]] = {}
    for row in await GrantRow.select():
        granted.setdefault(row["agent"], []).append(grant(row))
    people = (person(row, tuple(granted.get(row["id"], ()))) for row in rows)
    return tuple(
        one for one in people if not jurisdiction or any(each.jurisdiction == jurisdiction for each in one.grants)
    )


async def able_to_work(jurisdiction: str, ids: Collection[str]) -> frozenset[str]:
    """Those of these people whose account is open and who may work on requests of that town; in one statement."""
    known = [identifier for id in ids if (identifier := as_id(id)) is not None]
    if not known:
        return frozenset()
    table = GrantRow
    there = (table.jurisdiction == jurisdiction) & table.agent.is_in(known) & (table.agent.active == True)  # noqa: E712
    rows = await table.select(table.agent, table.role).where(there)
    return frozenset(str(row["agent"]) for row in rows if "work" in permissions_of(row["role"]))


async def set_active(engine: Engine, id: str, active: bool) -> None:
    """An account that is closed is signed out everywhere at once."""
    async with unit(engine):
        await Agent.update({Agent.active: active}).where(Agent.id == UUID(id))
        if not active:
            await Session.delete().where(Session.agent == UUID(id))


async def set_preferences(engine: Engine, id: str, *, language: str, shortcuts: bool) -> None:
    async with unit(engine):
        changes: dict[Any, Any] = {Agent.language: language, Agent.shortcuts: shortcuts}
        await Agent.update(changes).where(Agent.id == UUID(id))


async def grants_of(id: UUID) -> tuple[Grant, ...]:
    rows = await GrantRow.select().where(GrantRow.agent == id).order_by(GrantRow.id)
    return tuple(grant(row) for row in rows)


def as_list(codes: tuple[str, ...]) -> str:
    return msgspec.json.encode(codes).decode()


async def insert_grants(id: UUID, grants: tuple[Grant, ...]) -> None:
    rows = [
        GrantRow(
            id=new_id(),
            agent=id,
            role=each.role,
            jurisdiction=each.jurisdiction,
            unit=each.unit,
            zones=msgspec.json.encode(each.zones).decode(),
            source=each.source,
        )
        for each in grants
    ]
    if rows:
        await GrantRow.insert(*rows)


def normal_email(email: str) -> str:
    """Accounts are found whatever the capitals."""
    return clean(email).strip().casefold()[:254]


def as_id(id: str | UUID) -> UUID | None:
    if isinstance(id, UUID):
        return id
    try:
        return UUID(id)
    except ValueError:
        return None


def person(row: dict[str, Any], grants: tuple[Grant, ...]) -> Person:
    return Person(
        id=str(row["id"]),
        email=row["email"],
        name=row["name"],
        language=row["language"],
        shortcuts=row["shortcuts"],
        active=row["active"],
        one_time=bool(row["one_time_secret"]),
        has_password=bool(row["password"]),
        grants=grants,
    )


def grant(row: dict[str, Any]) -> Grant:
    return Grant(
        role=row["role"],
        jurisdiction=row["jurisdiction"],
        unit=row["unit"],
        zones=msgspec.json.decode(row["zones"], type=tuple[str, ...]),
        source=row["source"],
    )
