"""The mailbox of a demonstration: messages kept here instead of being given to a mail server."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis.db import insert_values, transaction
from parvis.db.tables import Letter as LetterRow


class Letter(Struct, frozen=True, kw_only=True):
    """One message as its receiver would have it."""

    id: str
    channel: str
    to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    language: str
    reference: str
    at: datetime


async def keep(letter: Letter) -> None:
    """Put a letter in the mailbox; the same id again changes nothing."""
    engine: Any = LetterRow._meta.db
    async with transaction(engine):
        await LetterRow.insert(LetterRow(**_row(letter))).on_conflict(target=LetterRow.id, action="DO NOTHING")


async def keep_new(*some: Letter) -> None:
    """Put letters in the mailbox of which none is there yet: all of them, or none."""
    engine: Any = LetterRow._meta.db
    async with transaction(engine):
        await insert_values(LetterRow, *map(_row, some))


async def letters(*, to: str = "", reference: str = "", limit: int = 100) -> tuple[Letter, ...]:
    """What went out, newest first."""
    query = LetterRow.select().order_by(LetterRow.at, ascending=False).order_by(LetterRow.id, ascending=False)
    if to:
        query = query.where(LetterRow.to == to)
    if reference:
        query = query.where(LetterRow.reference == reference)
    return tuple(_letter(row) for row in await query.limit(limit))


async def letter(id: str) -> Letter | None:
    """One letter."""
    rows = await LetterRow.select().where(LetterRow.id == id)
    return _letter(rows[0]) if rows else None


async def forget_request(reference: str) -> None:
    """Inside the transaction of an erasure: the letters of this request are gone."""
    await LetterRow.delete().where((LetterRow.reference == reference) & (LetterRow.reference != ""))


async def forget_address(to: str) -> None:
    """Inside a transaction: the letters to this address are gone."""
    await LetterRow.raw('DELETE FROM letter WHERE lower("to") = {}', to.lower())


def _row(letter: Letter) -> dict[str, Any]:
    return {**structs.asdict(letter), "headers": msgspec.json.encode(letter.headers).decode()}


def _letter(row: dict[str, object]) -> Letter:
    headers = msgspec.json.decode(str(row["headers"]), type=dict[str, str])
    return msgspec.convert({**row, "headers": headers}, Letter)
