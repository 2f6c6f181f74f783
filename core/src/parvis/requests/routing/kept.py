"""The rules of a town as they are kept: every version that was ever in force, and the draft of the next one."""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import HouseRuleBroken, NotUnique, held, insert_values, unit
from parvis.db.routing_tables import RuleDraft, RuleSet
from parvis.db.tables import Row
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.heart import Heart
from parvis.requests.records import as_json
from parvis.requests.routing.editing import Edit, Overtaken
from parvis.requests.routing.rules import Rules, of_files
from parvis.requests.routing.standing import FRESH, Standing
from parvis.territory import Jurisdiction
from parvis_sdk.cleaning import clean

FILES_WORD = "Règles des fichiers de la ville"
LONGEST_WORD = 200
MOST_VERSIONS = 200  # shown on one page


class Version(Struct, frozen=True, kw_only=True):
    """Rules that were put in force: by whom, when, and why; `back_to` is the version that this one brought back."""

    number: int
    rules: Rules
    word: str
    back_to: int
    by: str
    at: datetime


class Draft(Struct, frozen=True, kw_only=True):
    """Rules being written; `edition` counts the changes."""

    edition: int
    rules: Rules
    by: str
    changed_at: datetime


async def in_force(heart: Heart, town: Jurisdiction) -> Standing:
    """The rules by which requests are routed now; those of the town's files until a manager put others in force.

    They are read again after some seconds, so that a request costs no statement for them.
    """
    known = heart.rules.get(town.code)
    now = clock.now()
    if known is not None and timedelta(0) <= now - known.read_at < FRESH:
        return known
    last = await _last(town.code)
    version, rules = (last["number"], read(last["body"])) if last else (0, of_files(town))
    heart.rules[town.code] = standing = Standing(version=version, rules=rules, read_at=now)
    return standing


async def _last(jurisdiction: str) -> Row | None:
    rows = (
        await RuleSet.select(RuleSet.number, RuleSet.body)
        .where(RuleSet.jurisdiction == jurisdiction)
        .order_by(RuleSet.number, ascending=False)
        .limit(1)
    )
    return rows[0] if rows else None


def read(body: str) -> Rules:
    return msgspec.json.decode(body, type=Rules)


async def versions_of(town: Jurisdiction) -> tuple[Version, ...]:
    """Every version, the newest first."""
    rows = (
        await RuleSet.select()
        .where(RuleSet.jurisdiction == town.code)
        .order_by(RuleSet.number, ascending=False)
        .limit(MOST_VERSIONS)
    )
    return tuple(
        Version(
            number=row["number"],
            rules=read(row["body"]),
            word=row["word"],
            back_to=row["back_to"],
            by=row["by"],
            at=row["at"],
        )
        for row in rows
    )


async def draft_of(town: Jurisdiction) -> Draft | None:
    """What is being written, if anything is."""
    rows = await RuleDraft.select().where(RuleDraft.jurisdiction == town.code)
    return _draft(rows[0]) if rows else None


def _draft(row: Row) -> Draft:
    return Draft(edition=row["edition"], rules=read(row["body"]), by=row["by"], changed_at=row["changed_at"])


async def change_draft(heart: Heart, town: Jurisdiction, edit: Edit, *, actor: Actor) -> Draft | Overtaken:
    """Change the draft, begun with the rules in force where there is none yet."""
    async with unit(heart.engine):
        row = await _held_draft(heart, town)
        begins = row is None
        if row is None:
            row = await _begin(heart, town, actor)
        before = read(row["body"])
        after = edit(before)
        if isinstance(after, Overtaken):
            if begins:
                await RuleDraft.delete().where(RuleDraft.jurisdiction == town.code)
            return after
        changed: Row = {
            "edition": row["edition"] + (after != before),
            "body": as_json(after),
            "agent": actor.id[:60],
            "by": actor.name[:120],
            "changed_at": clock.now(),
        }
        await RuleDraft.update(changed).where(RuleDraft.jurisdiction == town.code)
    return _draft({**row, **changed})


async def _held_draft(heart: Heart, town: Jurisdiction) -> Row | None:
    rows = await held(RuleDraft.select().where(RuleDraft.jurisdiction == town.code), heart.engine)
    return rows[0] if rows else None


async def _begin(heart: Heart, town: Jurisdiction, actor: Actor) -> Row:
    last = await _last(town.code)
    row = RuleDraft(
        jurisdiction=town.code,
        edition=1,
        body=last["body"] if last else as_json(of_files(town)),
        agent=actor.id[:60],
        by=actor.name[:120],
        changed_at=clock.now(),
    )
    # Two who begin at once write one draft: whoever comes second waits here for the first.
    await RuleDraft.insert(row).on_conflict(target=RuleDraft.jurisdiction, action="DO NOTHING")
    begun = await _held_draft(heart, town)
    if begun is None:
        raise HouseRuleBroken("a draft that was begun in this unit is not there")
    return begun


async def drop_draft(heart: Heart, town: Jurisdiction, edition: int) -> bool:
    """Throw the draft away as it was seen; False where somebody changed it since."""
    async with unit(heart.engine):
        gone = await (
            RuleDraft.delete()
            .where((RuleDraft.jurisdiction == town.code) & (RuleDraft.edition == edition))
            .returning(RuleDraft.jurisdiction)
        )
    return bool(gone)


async def publish(
    heart: Heart, town: Jurisdiction, word: str, *, edition: int, seen: int, actor: Actor
) -> int | Overtaken:
    """Put the draft in force as it was seen, over the version that was seen in force; the number it has then."""
    try:
        async with unit(heart.engine):
            row = await _held_draft(heart, town)
            number = await _last_number(town)
            if row is None or row["edition"] != edition or number != seen:
                return Overtaken()
            if not number:  # what the files said stays, to be brought back
                number = 1
                files = _row(town, number, as_json(of_files(town)), FILES_WORD, SYSTEM)
                await insert_values(RuleSet, files)
            await insert_values(RuleSet, _row(town, number + 1, row["body"], word, actor))
            await RuleDraft.delete().where(RuleDraft.jurisdiction == town.code)
    except NotUnique:  # somebody put others in force at the same moment
        return Overtaken()
    heart.rules.pop(town.code, None)
    return number + 1


async def roll_back(heart: Heart, town: Jurisdiction, to: int, *, seen: int, actor: Actor) -> int | Overtaken:
    """Put a version in force again, letter by letter, as a new one; the draft stays as it is."""
    table = RuleSet
    try:
        async with unit(heart.engine):
            wanted = (table.jurisdiction == town.code) & (table.number == to)
            rows = await table.select(table.body, table.word).where(wanted)
            number = await _last_number(town)
            if not rows or number != seen or to == number:
                return Overtaken()
            row = _row(town, number + 1, rows[0]["body"], rows[0]["word"], actor)
            await insert_values(table, row | {"back_to": to})
    except NotUnique:
        return Overtaken()
    heart.rules.pop(town.code, None)
    return number + 1


async def _last_number(town: Jurisdiction) -> int:
    last = await _last(town.code)
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
