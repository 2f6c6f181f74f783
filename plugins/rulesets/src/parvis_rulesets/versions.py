"""How rule sets are kept: read as they are in force, written in a draft, put in force, brought back byte for byte."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import HouseRuleBroken, NotUnique, held, insert_values, transaction
from parvis.db.tables import Row
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.host import Host
from parvis.requests.levels import RulesetInForce
from parvis.requests.records import as_json
from parvis_rulesets.editing import Body, Edit, EditConflict
from parvis_rulesets.tables import DraftTable, VersionTable
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

FRESH = timedelta(seconds=5)
LONGEST_WORD = 200
MOST_VERSIONS = 200  # shown on one page
EDITIONS = 10**8  # where a draft begins to count, never where one before it stood; a form gives back nine digits


@dataclass(frozen=True)
class VersionSheet:
    """How an auditor is given the versions of a rule set: a sheet that lists them, and a file of each whole."""

    name: str
    title: Text
    file: str  # with {} for the number of the version
    whole: Text  # what stands in the column that names the file


@dataclass(frozen=True)
class Ruleset(Generic[Body]):
    """One rule set: what it consists of, with what it begins, and where it is kept."""

    body: type[Body]
    of_files: Callable[[Jurisdiction], Body]
    files_word: str
    in_file: str  # said at the head of a file of it
    versions: type[VersionTable]
    drafts: type[DraftTable]
    remembered: type[dict[str, RulesetInForce[Body]]]
    sheet: VersionSheet

    def read(self, body: str) -> Body:
        return msgspec.json.decode(body, type=self.body)


class Version(Struct, Generic[Body], frozen=True, kw_only=True):
    """What was put in force: by whom, when, and why; `back_to` is the version that this one brought back."""

    number: int
    body: Body
    word: str
    back_to: int
    by: str
    at: datetime


class Draft(Struct, Generic[Body], frozen=True, kw_only=True):
    """What is being written; `edition` counts the changes."""

    edition: int
    body: Body
    by: str
    changed_at: datetime


async def in_force(kept: Ruleset[Body], host: Host, town: Jurisdiction) -> RulesetInForce[Body]:
    """What is in force now; what the town's files say until somebody put something else in force.

    It is read again after some seconds, so that a request costs no statement for it.
    """
    remembered = host.of(kept.remembered)
    known, now = remembered.get(town.code), clock.now()
    if known is not None and timedelta(0) <= now - known.read_at < FRESH:
        return known
    last = await _last(kept, town)
    version, body = (last["number"], kept.read(last["body"])) if last else (0, kept.of_files(town))
    remembered[town.code] = standing = RulesetInForce(version=version, body=body, read_at=now)
    return standing


async def _last(kept: Ruleset[Body], town: Jurisdiction) -> Row | None:
    table = kept.versions
    rows: list[Row] = (
        await table.select(table.number, table.body)
        .where(table.jurisdiction == town.code)
        .order_by(table.number, ascending=False)
        .limit(1)
    )
    return rows[0] if rows else None


async def versions_of(kept: Ruleset[Body], town: Jurisdiction) -> tuple[Version[Body], ...]:
    """The versions, the newest first, as many as are shown."""
    theirs = kept.versions.select().where(kept.versions.jurisdiction == town.code)
    rows = await theirs.order_by(kept.versions.number, ascending=False).limit(MOST_VERSIONS)
    return tuple(_version(kept, row) for row in rows)


async def versions_within(
    kept: Ruleset[Body], town: Jurisdiction, since: datetime, until: datetime
) -> tuple[Version[Body], ...]:
    """The versions that were in force at any time of a period, the oldest first, however many there are."""
    table = kept.versions
    before = table.select().where((table.jurisdiction == town.code) & (table.at < since))
    during = table.select().where((table.jurisdiction == town.code) & (table.at >= since) & (table.at < until))
    rows = [
        *await before.order_by(table.number, ascending=False).limit(1),
        *await during.order_by(table.number),
    ]
    return tuple(_version(kept, row) for row in rows)


def _version(kept: Ruleset[Body], row: Row) -> Version[Body]:
    return Version(
        number=row["number"],
        body=kept.read(row["body"]),
        word=row["word"],
        back_to=row["back_to"],
        by=row["by"],
        at=row["at"],
    )


async def draft_of(kept: Ruleset[Body], town: Jurisdiction) -> Draft[Body] | None:
    """What is being written, if anything is."""
    rows = await kept.drafts.select().where(kept.drafts.jurisdiction == town.code)
    return _draft(kept, rows[0]) if rows else None


def _draft(kept: Ruleset[Body], row: Row) -> Draft[Body]:
    return Draft(edition=row["edition"], body=kept.read(row["body"]), by=row["by"], changed_at=row["changed_at"])


async def change_draft(
    kept: Ruleset[Body], host: Host, town: Jurisdiction, edit: Edit[Body], *, actor: Actor
) -> Draft[Body] | EditConflict:
    """Change the draft, begun with what is in force where there is none yet."""
    drafts = kept.drafts
    async with transaction(host.engine):
        row = await _held_draft(kept, host, town)
        begins = row is None
        if row is None:
            row = await _begin(kept, host, town, actor)
        before = kept.read(row["body"])
        after = edit(before)
        if isinstance(after, EditConflict):
            if begins:
                await drafts.delete().where(drafts.jurisdiction == town.code)
            return after
        changed: Row = {
            "edition": row["edition"] + (after != before),
            "body": as_json(after),
            "agent": actor.id[:60],
            "by": actor.name[:120],
            "changed_at": clock.now(),
        }
        await drafts.update(changed).where(drafts.jurisdiction == town.code)
    return _draft(kept, {**row, **changed})


async def _held_draft(kept: Ruleset[Body], host: Host, town: Jurisdiction) -> Row | None:
    rows = await held(kept.drafts.select().where(kept.drafts.jurisdiction == town.code), host.engine)
    return rows[0] if rows else None


async def _begin(kept: Ruleset[Body], host: Host, town: Jurisdiction, actor: Actor) -> Row:
    last = await _last(kept, town)
    row = kept.drafts(
        jurisdiction=town.code,
        edition=secrets.randbelow(EDITIONS),
        body=last["body"] if last else as_json(kept.of_files(town)),
        agent=actor.id[:60],
        by=actor.name[:120],
        changed_at=clock.now(),
    )
    # Two who begin at once share one draft: the second waits here for the first.
    await kept.drafts.insert(row).on_conflict(target=kept.drafts.jurisdiction, action="DO NOTHING")
    begun = await _held_draft(kept, host, town)
    if begun is None:
        raise HouseRuleBroken("a draft that was begun in this unit is not there")
    return begun


async def drop_draft(kept: Ruleset[Body], host: Host, town: Jurisdiction, edition: int) -> bool:
    """Throw the draft away as it was seen; False where somebody changed it since."""
    drafts = kept.drafts
    async with transaction(host.engine):
        gone = await (
            drafts.delete()
            .where((drafts.jurisdiction == town.code) & (drafts.edition == edition))
            .returning(drafts.jurisdiction)
        )
    return bool(gone)


async def publish(
    kept: Ruleset[Body], host: Host, town: Jurisdiction, word: str, *, edition: int, seen: int, actor: Actor
) -> int | EditConflict:
    """Put the draft in force as it was seen, over the version that was seen in force; the number it has then."""
    try:
        async with transaction(host.engine):
            row = await _held_draft(kept, host, town)
            number = await _last_number(kept, town)
            if row is None or row["edition"] != edition or number != seen:
                return EditConflict()
            if not number:  # what the files said stays, to be brought back
                number = 1
                files = _row(town, number, as_json(kept.of_files(town)), kept.files_word, SYSTEM)
                await insert_values(kept.versions, files)
            await insert_values(kept.versions, _row(town, number + 1, row["body"], word, actor))
            await kept.drafts.delete().where(kept.drafts.jurisdiction == town.code)
    except NotUnique:  # somebody put something else in force at the same moment
        return EditConflict()
    host.of(kept.remembered).pop(town.code, None)
    return number + 1


async def roll_back(
    kept: Ruleset[Body], host: Host, town: Jurisdiction, to: int, *, seen: int, actor: Actor
) -> int | EditConflict:
    """Put a version in force again, letter by letter, as a new one; the draft stays as it is."""
    table = kept.versions
    try:
        async with transaction(host.engine):
            wanted = (table.jurisdiction == town.code) & (table.number == to)
            rows = await table.select(table.body, table.word).where(wanted)
            number = await _last_number(kept, town)
            if not rows or number != seen or to == number:
                return EditConflict()
            row = _row(town, number + 1, rows[0]["body"], rows[0]["word"], actor)
            await insert_values(table, row | {"back_to": to})
    except NotUnique:
        return EditConflict()
    host.of(kept.remembered).pop(town.code, None)
    return number + 1


async def _last_number(kept: Ruleset[Body], town: Jurisdiction) -> int:
    last = await _last(kept, town)
    return last["number"] if last else 0


def _row(town: Jurisdiction, number: int, body: str, word: str, actor: Actor) -> Row:
    return {
        "key": f"{town.code}/{number}",
        "jurisdiction": town.code,
        "number": number,
        "body": body,
        "word": clean(word).strip()[:LONGEST_WORD],
        "back_to": 0,
        "agent": actor.id[:60],
        "by": actor.name[:120],
        "at": clock.now(),
    }
