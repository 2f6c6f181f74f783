"""Which requests came from another system, under which number, and whether anybody has worked on them since."""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis_migration.tables import MigrationOrigin
from parvis_sdk.text_normalisation import words_of

MOST_FOUND = 5  # requests of one number, each of another system


class Origin(Struct, frozen=True, kw_only=True):
    """A request that was brought in before: what its row said, and how it stands."""

    request: UUID
    reference: str
    type: str
    fingerprint: str
    is_touched: bool
    is_erased: bool


KNOWN = """
SELECT o.key, o.request, o.fingerprint, o.version AS kept_version, r.version, r.reference, r.type, r.erased_at
FROM migration_origin o JOIN service_request r ON r.id = o.request WHERE o.key IN ({keys})"""
SOUGHT = """
SELECT r.reference FROM migration_origin o JOIN service_request r ON r.id = o.request
WHERE o.jurisdiction = {} AND o.sought = {} AND r.erased_at IS NULL ORDER BY r.submitted_at DESC LIMIT {}"""


def key_of(town: Jurisdiction, source: str, number: str) -> str:
    """What stands for a number of a system in a town."""
    return hashlib.sha256(f"{town.code}\n{source}\n{number}".encode("utf-8", "replace")).hexdigest()


def sought_as(number: str) -> str:
    """A number as people type it: without marks, spaces and capitals."""
    return "".join(words_of(number))[:100]


async def origins_of(keys: Sequence[str]) -> dict[str, Origin]:
    """What was brought in by these keys, in one statement."""
    rows = await MigrationOrigin.raw(KNOWN.format(keys=", ".join(["{}"] * len(keys))), *keys) if keys else ()
    return {
        row["key"]: Origin(
            request=row["request"],
            reference=row["reference"],
            type=row["type"],
            fingerprint=row["fingerprint"],
            is_touched=row["version"] != row["kept_version"],
            is_erased=row["erased_at"] is not None,
        )
        for row in rows
    }


async def numbers_here(town: Jurisdiction, source: str, numbers: Iterable[str]) -> dict[str, str]:
    """The numbers of a system that came in before and are sought as these are, by how they are sought."""
    sought = sorted({sought_as(number) for number in numbers} - {""})
    if not sought:
        return {}
    table = MigrationOrigin
    of_system = (table.jurisdiction == town.code) & (table.source == source) & table.sought.is_in(sought)
    rows = await table.select(table.sought, table.number).where(of_system).order_by(table.number)
    return {row["sought"]: row["number"] for row in rows}


async def references_for(town: Jurisdiction, typed: str) -> tuple[str, ...]:
    """The requests that had this number in another system, the newest first."""
    sought = sought_as(typed)
    rows = await MigrationOrigin.raw(SOUGHT, town.code, sought, MOST_FOUND) if sought else ()
    return tuple(row["reference"] for row in rows)
