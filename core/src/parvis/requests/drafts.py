"""Answers on their way: kept on the server under a token that only the person's device knows."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import unit
from parvis.db.tables import Draft as DraftRow
from parvis.requests.heart import Heart
from parvis.requests.records import as_json

KEPT_FOR = timedelta(days=14)
MOST_BYTES = 200_000


class Draft(Struct, frozen=True, kw_only=True):
    """What a person has typed so far, as typed, and the reference it became once sent."""

    jurisdiction: str
    type: str
    language: str
    raw: dict[str, Any]
    updated_at: datetime
    sent_as: str = ""


class TooLong(ValueError):
    """A draft holds more than any form can ask for."""


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(24)


def holder_of(token: str) -> str:
    """Under what the files of this draft wait: the digest of its token."""
    return hashlib.sha256(b"draft:" + token.encode("utf-8", "replace")).hexdigest()


async def save(heart: Heart, token: str, jurisdiction: str, type: str, language: str, raw: dict[str, Any]) -> None:
    """Keep what was typed under this token, in place of what was kept before."""
    body = as_json(raw)
    if len(body) > MOST_BYTES:
        raise TooLong(f"{len(body)} bytes")
    row = DraftRow(
        token_digest=holder_of(token),
        jurisdiction=jurisdiction,
        type=type,
        language=language,
        raw=body,
        updated_at=clock.now(),
        sent_as="",
    )
    async with unit(heart.engine):
        # Twice at once by a double press; and never again once it is sent, when nothing of it may stay.
        await DraftRow.insert(row).on_conflict(
            target=DraftRow.token_digest,
            action="DO UPDATE",
            values=[DraftRow.jurisdiction, DraftRow.type, DraftRow.language, DraftRow.raw, DraftRow.updated_at],
            where=DraftRow.sent_as == "",
        )


async def load(heart: Heart, token: str) -> Draft | None:
    """What is kept under a token, unless it is too old."""
    rows = await DraftRow.select().where(
        DraftRow.token_digest == holder_of(token), DraftRow.updated_at > clock.now() - KEPT_FOR
    )
    if not rows:
        return None
    row = rows[0]
    values = {name: row[name] for name in ("jurisdiction", "type", "language", "updated_at", "sent_as")}
    return Draft(**values, raw=msgspec.json.decode(row["raw"]))


async def sent(heart: Heart, token: str, reference: str) -> None:
    """What was typed has become a request: nothing of it stays here but the reference."""
    async with unit(heart.engine):
        await DraftRow.update({DraftRow.raw: "{}", DraftRow.sent_as: reference}).where(
            DraftRow.token_digest == holder_of(token)
        )


async def sweep() -> int:
    """Inside a unit: forget drafts that are too old."""
    old = DraftRow.updated_at <= clock.now() - KEPT_FOR
    return len(await DraftRow.delete().where(old).returning(DraftRow.token_digest))
