"""The towns that were ever served here, so that one whose folder is gone is missed instead of forgotten.

Its requests stay as they are, what is to be delivered for it waits, and its addresses say that it is away: else
the town that answers to addresses nobody knows would answer for it too.
"""

from collections.abc import Collection
from typing import Any

from parvis import clock
from parvis.db import DatabaseTrouble, Engine, transaction
from parvis.db.binding import running
from parvis.db.tables import ServiceRequest
from parvis.db.upkeep_tables import KnownTown
from parvis.jurisdictions import Jurisdiction, JurisdictionError, JurisdictionMistake, Jurisdictions, TownAway
from parvis.jurisdictions.loading import wrong_default

Known = dict[str, dict[str, Any]]


async def note_towns(engine: Engine, jurisdictions: Jurisdictions) -> None:
    """Note which towns are served and which of them by default, and tell the jurisdictions which are missed."""
    known = await _known()
    await miss(jurisdictions, known)
    said = {code: _said(row) for code, row in known.items()}
    now = said | {town.code: _row(town) for town in jurisdictions.by_code.values()}
    now = {code: row | {"is_default": code == jurisdictions.by_default} for code, row in now.items()}
    if new := [row for code, row in now.items() if row != said.get(code)]:
        values = [KnownTown.name, KnownTown.hosts, KnownTown.is_default, KnownTown.noted_at]
        values += [KnownTown.left_at, KnownTown.why]  # a town that is served again has not left
        rows = [KnownTown(row | {"noted_at": clock.now()}) for row in new]
        async with transaction(engine):
            await KnownTown.insert(*rows).on_conflict(target=KnownTown.code, action="DO UPDATE", values=values)


async def miss(jurisdictions: Jurisdictions, known: Known | None = None) -> None:
    """Tell the jurisdictions which towns were served here and are in their folder no more.

    Raises `JurisdictionError` when the default town that they name is not there and never was.
    """
    rows = await _known() if known is None else known
    default = jurisdictions.named or next((code for code, row in rows.items() if row["is_default"]), "")
    if unknown := unknown_default(jurisdictions, rows):
        raise JurisdictionError(unknown)
    gone = [row for code, row in rows.items() if code not in jurisdictions.by_code]
    jurisdictions.away.clear()
    for row in gone:
        waiting = (ServiceRequest.jurisdiction == row["code"]) & ServiceRequest.erased_at.is_null()
        jurisdictions.away[row["code"]] = TownAway(
            code=row["code"],
            name=row["name"],
            hosts=tuple(host for host in row["hosts"].split() if jurisdictions.claimed_by(host) is None),
            is_default=row["code"] == default,
            requests=int(await ServiceRequest.count().where(waiting)),
        )


async def of_towns_away(jurisdictions: Jurisdictions, references: Collection[str]) -> set[str]:
    """Those of these references that are requests of a town that is missed."""
    away, named = [*jurisdictions.away], [each for each in references if each]
    if not away or not named:
        return set()
    of_them = ServiceRequest.reference.is_in(named) & ServiceRequest.jurisdiction.is_in(away)
    return set(await ServiceRequest.select(ServiceRequest.reference).where(of_them).output(as_list=True))


async def forget_town(engine: Engine, code: str, why: str) -> None:
    """Record that a town has left permanently, and why; restarted processes no longer miss it."""
    async with transaction(engine):
        left = KnownTown.update({KnownTown.left_at: clock.now(), KnownTown.why: why[:500]})
        await left.where(KnownTown.code == code)


def unknown_default(jurisdictions: Jurisdictions, known: Known | None = None) -> tuple[JurisdictionMistake, ...]:
    """The mistake of naming a default town that is not there and was never served, if it was made."""
    if not jurisdictions.named or jurisdictions.named in {**jurisdictions.by_code, **(known or {})}:
        return ()
    return (wrong_default(jurisdictions),)


async def missed(url: str, jurisdictions: Jurisdictions) -> tuple[JurisdictionMistake, ...]:
    """What is to be said of towns that were served from a database, which is closed again; nothing where it is away."""
    try:
        async with running(url):
            await miss(jurisdictions)
    except DatabaseTrouble:
        return unknown_default(jurisdictions)
    except JurisdictionError as error:
        return tuple(error.mistakes)
    return tuple(each.mistake(jurisdictions.folder) for each in jurisdictions.away.values())


async def _known() -> Known:
    return {row["code"]: row for row in await KnownTown.select().where(KnownTown.left_at.is_null())}


def _row(town: Jurisdiction) -> dict[Any, Any]:
    return {"code": town.code, "name": town.name.fr[:200], "hosts": " ".join(town.hosts)[:2000]}


def _said(row: dict[str, Any]) -> dict[Any, Any]:
    return {name: str(row[name]) for name in ("code", "name", "hosts")} | {"is_default": row["is_default"]}
