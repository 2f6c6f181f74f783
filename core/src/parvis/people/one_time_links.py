"""Links sent on demand to an address and used once: to one request, or to what a module opens by them."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.people_tables import OneTimeLink
from parvis.people.sessions import digest_of

LINK_LASTS = timedelta(minutes=30)
MOST_TOKEN = 100


class UsedLink(Struct, frozen=True, kw_only=True):
    """A link that was good and is used up: where it was sent, and to which request it leads, if to one."""

    sent_to: str
    language: str
    request: UUID | None


async def put_link(kind: str, jurisdiction: str, to: str, language: str, request: UUID | None = None) -> str:
    """Inside a transaction: a token to be sent to this address or number; `kind` says what it opens.

    It is made whether or not anything is known of the address: nobody can tell.
    """
    token, now = secrets.token_urlsafe(32), clock.now()
    row = OneTimeLink(
        token_digest=digest_of(token),
        kind=kind,
        jurisdiction=jurisdiction,
        sent_to=same(to),
        language=language,
        request=request,
        ends_at=now + LINK_LASTS,
    )
    await OneTimeLink.insert(row)
    return token


async def take_link_back(token: str) -> None:
    """Inside a transaction: as if it had never been made."""
    await OneTimeLink.delete().where(OneTimeLink.token_digest == digest_of(token))


async def is_link(kind: str, jurisdiction: str, token: str) -> bool:
    """Whether a link is still good; looking uses nothing up, for robots look too."""
    if not 0 < len(token) <= MOST_TOKEN:
        return False
    return bool(
        await OneTimeLink.exists().where(_named(kind, jurisdiction, token) & (OneTimeLink.ends_at > clock.now()))
    )


async def use_link(engine: Engine, kind: str, jurisdiction: str, token: str) -> UsedLink | None:
    """Use a link up, once; None when it was used, is too old or was never ours."""
    async with transaction(engine):
        return await take_link(kind, jurisdiction, token)


async def take_link(kind: str, jurisdiction: str, token: str) -> UsedLink | None:
    """The same inside a transaction that writes what it opens: where that fails, the link is still good."""
    if not 0 < len(token) <= MOST_TOKEN:
        return None
    used = await OneTimeLink.delete().where(_named(kind, jurisdiction, token)).returning(*OneTimeLink.all_columns())
    if not used or used[0]["ends_at"] <= clock.now():
        return None
    [row] = used
    request = UUID(str(row["request"])) if row["request"] else None
    return UsedLink(sent_to=row["sent_to"], language=row["language"], request=request)


async def end_links(kind: str, jurisdiction: str, to: str) -> None:
    """Inside a transaction: those that wait for an address open nothing any more."""
    theirs = (OneTimeLink.kind == kind) & (OneTimeLink.jurisdiction == jurisdiction) & (OneTimeLink.sent_to == same(to))
    await OneTimeLink.delete().where(theirs)


async def sweep_links(engine: Engine) -> int:
    """What is over goes."""
    async with transaction(engine):
        gone = await OneTimeLink.delete().where(OneTimeLink.ends_at <= clock.now()).returning(OneTimeLink.token_digest)
    return len(gone)


def same(email: str) -> str:
    """The form under which an address is one, however it was typed."""
    return email.strip().lower()


def _named(kind: str, jurisdiction: str, token: str) -> Any:
    mine = (OneTimeLink.kind == kind) & (OneTimeLink.jurisdiction == jurisdiction)
    return (OneTimeLink.token_digest == digest_of(token)) & mine
