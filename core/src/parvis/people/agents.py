"""Agents: who works for a town, with which roles over which units; colleagues by name, kept for some seconds."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.people_tables import Agent
from parvis.db.people_tables import Grant as GrantRow
from parvis.delegations import lending
from parvis.identifiers import new_id
from parvis.people.passwords import hash_password
from parvis_sdk.cleaning import clean

WITH_GRANTS = (
    "a.*, g.id AS held, g.role, g.jurisdiction, g.unit, g.zones, g.source, s.agent AS lender, s.deputy, s.ends_at"
)
AGENTS = f'SELECT {WITH_GRANTS} FROM agent a LEFT JOIN "grant" g ON g.agent = a.id'  # noqa: S608 - ours
OR_LENT_TO = "WHERE a.id = {} OR s.deputy = {}"
AWAY = "LEFT JOIN delegation w ON w.agent = a.id AND w.starts_at <= {} AND w.ends_at > {}"
NOT_LENT = ("operator",)


class Grant(Struct, frozen=True, kw_only=True):
    """One role in one jurisdiction, over one unit and those below it ("" is the whole town), in all zones or some.

    `source` is the provider of sign-in whose groups gave it; "" where a person did.
    """

    role: str
    jurisdiction: str
    unit: str = ""
    zones: tuple[str, ...] = ()
    source: str = ""
    lent_by: str = ""  # the name of the colleague in whose absence it is held
    lent_until: datetime | None = None


class Person(Struct, frozen=True, kw_only=True):
    """Somebody of the town, without anything secret; of all who are read together, until when they are away."""

    id: str
    email: str
    name: str
    language: str
    shortcuts: bool
    active: bool
    one_time: bool
    has_password: bool = True
    roomy: bool = False  # lists with high rows
    columns: tuple[str, ...] = ()  # of the queue, from left to right; none are the usual ones
    grants: tuple[Grant, ...] = ()
    away_until: datetime | None = None


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
    async with transaction(engine):
        await row.save()
        await insert_grants(row.id, given)
    return person(row.to_dict(), given)


async def find_agent(engine: Engine, email: str) -> Person | None:
    """The account of that e-mail, signed in or not."""
    row = await Agent.select().where(Agent.email == normal_email(email)).first()
    return person(row, await grants_of(row["id"])) if row else None


async def get_agent(engine: Engine, id: str | UUID) -> Person | None:
    identifier = as_id(id)
    return people(await _with_lenders(identifier)).get(identifier) if identifier else None


async def agents(engine: Engine, jurisdiction: str = "") -> tuple[Person, ...]:
    """Everyone, in the order of their names; or only those with a role in one jurisdiction."""
    lent, moments = lending("g.agent", now := clock.now())
    asked = AGENTS.replace("FROM", ", w.ends_at AS away_until FROM", 1)
    found = people(await Agent.raw(f"{asked} {lent} {AWAY} ORDER BY a.name, a.id", *moments, now, now))
    return tuple(
        one
        for one in found.values()
        if not jurisdiction or any(each.jurisdiction == jurisdiction for each in one.grants)
    )


async def set_preferences(engine: Engine, id: str, *, language: str, shortcuts: bool) -> None:
    async with transaction(engine):
        changes: dict[Any, Any] = {Agent.language: language, Agent.shortcuts: shortcuts}
        await Agent.update(changes).where(Agent.id == UUID(id))


async def set_lists(engine: Engine, id: str, *, roomy: bool, columns: Iterable[str]) -> None:
    """How somebody reads lists: the height of rows, and the columns of the queue in their order."""
    async with transaction(engine):
        changes: dict[Any, Any] = {Agent.queue_roomy: roomy, Agent.queue_columns: " ".join(columns)}
        await Agent.update(changes).where(Agent.id == UUID(id))


async def grants_of(id: UUID) -> tuple[Grant, ...]:
    """What is held by an account: its own, and what is lent to it by colleagues who are away."""
    return _held(await _with_lenders(id)).get(id, ())


async def _with_lenders(id: UUID) -> list[dict[str, Any]]:
    """An account, and those that lend it their roles, with what each holds; in one statement."""
    lent, moments = lending("g.agent", clock.now())
    rows: list[dict[str, Any]] = await Agent.raw(f"{AGENTS} {lent} {OR_LENT_TO}", *moments, id, id)
    return rows


def people(rows: Sequence[dict[str, Any]]) -> dict[UUID, Person]:
    """The accounts that are read `WITH_GRANTS`, in the order of the rows, with those who lend."""
    found = {row["id"]: row for row in rows}
    granted = _held(rows)
    return {id: person(row, granted.get(id, ())) for id, row in found.items()}


def _held(rows: Iterable[dict[str, Any]]) -> dict[UUID, tuple[Grant, ...]]:
    """The roles of each account, its own before those that are lent to it."""
    own: dict[UUID, dict[UUID, Grant]] = {}
    lent: dict[UUID, list[Grant]] = {}
    for row in sorted((row for row in rows if row["held"] is not None), key=lambda row: row["held"].bytes):
        given = own_grant(row)
        own.setdefault(row["id"], {})[row["held"]] = given
        if row["deputy"] is not None and row["lender"] == row["id"] and row["active"] and given.role not in NOT_LENT:
            borrowed = structs.replace(given, lent_by=row["name"], lent_until=row["ends_at"])
            lent.setdefault(row["deputy"], []).append(borrowed)
    return {id: (*own.get(id, {}).values(), *lent.get(id, ())) for id in own.keys() | lent.keys()}


def as_list(codes: tuple[str, ...]) -> str:
    return msgspec.json.encode(codes).decode()


def grant_row(id: UUID, given: Grant) -> GrantRow:
    return GrantRow(
        id=new_id(),
        agent=id,
        role=given.role,
        jurisdiction=given.jurisdiction,
        unit=given.unit,
        zones=as_list(tuple(sorted(given.zones))),
        source=given.source,
    )


async def insert_grants(id: UUID, grants: tuple[Grant, ...]) -> None:
    rows = [grant_row(id, each) for each in grants]
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
        roomy=bool(row["queue_roomy"]),
        columns=tuple((row["queue_columns"] or "").split()),
        grants=grants,
        away_until=row.get("away_until"),
    )


def own_grant(row: dict[str, Any]) -> Grant:
    return Grant(
        role=row["role"],
        jurisdiction=row["jurisdiction"],
        unit=row["unit"],
        zones=msgspec.json.decode(row["zones"], type=tuple[str, ...]),
        source=row.get("source", ""),
    )


KEPT = timedelta(seconds=5)


class KnownColleagues(Struct, frozen=True):
    """Those of a town, when they were read, and of whom is known by then whether they are among them."""

    read_at: datetime
    people: tuple[Person, ...]
    asked: frozenset[str]


class Colleagues(dict[str, KnownColleagues]):
    """Those of each town. For what is shown alone: whether somebody may do something is asked anew."""

    async def of(self, engine: Engine, jurisdiction: str, named: Collection[str] = ()) -> tuple[Person, ...]:
        """Everybody with a role in a town in the order of their names; read again where one of those `named` is new."""
        now, known = clock.now(), self.get(jurisdiction)
        if known is None or not timedelta() <= now - known.read_at < KEPT or not known.asked.issuperset(named):
            people = await agents(engine, jurisdiction)
            known = KnownColleagues(now, people, frozenset((*named, *(one.id for one in people))))
            self[jurisdiction] = known
        return known.people
