"""Drafts: answers kept under a token that the person’s devices hold, merged where two wrote, found by a mailed link."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from piccolo.columns.combination import WhereRaw

from parvis import clock
from parvis.db import HouseRuleBroken, transaction
from parvis.db.tables import Attachment, DraftKey
from parvis.db.tables import Draft as DraftRow
from parvis.requests.attached.dropping import CONTENTS, contents_in, drop_unused
from parvis.requests.host import Host
from parvis.requests.personal import ErasureRule
from parvis.requests.records import as_json
from parvis.signing import matches

GONE: Any = object()
BY_CODE = ("answers", "requester", "by", "rows", "wrong")


def merged(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """My changes since `base` over theirs: part by part, answer by answer; of lists of files, what either added.

    >>> merged({"answers": {}}, {"answers": {"size": "large"}}, {"answers": {"danger": "no"}, "done": ["@place"]})
    {'answers': {'danger': 'no', 'size': 'large'}, 'done': ['@place']}
    """
    whole = dict(theirs)
    for name in [*mine, *(name for name in base if name not in mine)]:
        one, was, other = (each.get(name, GONE) for each in (mine, base, theirs))
        if name in BY_CODE and isinstance(one, Mapping) and isinstance(other, Mapping):
            whole[name] = merged(was if isinstance(was, Mapping) else {}, one, other)
        else:
            put(whole, name, settled(was, one, other))
    return whole


def settled(was: Any, one: Any, other: Any) -> Any:
    """One value: theirs where I changed nothing; of lists of words what either added and neither took; else mine."""
    if one == was:
        return other
    if is_words(one) and is_words(other):
        before = was if is_words(was) else []
        kept = [word for word in other if word in one or word not in before]
        return kept + [word for word in one if word not in kept and (word not in before or word in other)]
    return one


def is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def put(whole: dict[str, Any], name: str, value: Any) -> None:
    if value is GONE:
        whole.pop(name, None)
    else:
        whole[name] = value


KEPT_FOR = timedelta(days=14)
MOST_BYTES = 200_000
TRIES = 8  # of a save that others write into at the same moment
DRAWN, SIGNED = 24, 16  # characters of a token: what was drawn, and the proof that we drew it
OF_NO_DRAFT = "draft NOT IN (SELECT token_digest FROM draft)"


class Draft(Struct, frozen=True, kw_only=True):
    """What a person has typed so far, as typed, and the reference it became once sent.

    `holder` is what its files wait under, the same for each of its tokens; `form` names the declaration that the
    answers were last typed for; `version` counts how often it was written.
    """

    holder: str
    jurisdiction: str
    type: str
    language: str
    raw: dict[str, Any]
    begun_at: datetime
    updated_at: datetime
    sent_as: str = ""
    form: str = ""
    version: int = 0

    @property
    def kept_until(self) -> datetime:
        return self.updated_at + KEPT_FOR


class TooLong(ValueError):
    """A draft holds more than any form can ask for."""


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(24)


def form_token(secret: bytes) -> str:
    """A token that a form carries before anything is kept under it, and that shows that we made it."""
    return signed(secret, secrets.token_bytes(DRAWN * 3 // 4))


def signed(secret: bytes, drawn: bytes) -> str:
    """A token of what was drawn, with the proof that we made it."""
    words = base64.urlsafe_b64encode(drawn).decode()
    return words + proof_of(secret, words)


def is_ours(secret: bytes, token: str) -> bool:
    """Whether a token was made by `form_token`: nobody has a draft begun under a token of their own choice."""
    drawn, proof = token[:DRAWN], token[DRAWN:]
    return token.isascii() and matches(secret, proof, lambda key: proof_of(key, drawn))


def proof_of(secret: bytes, drawn: str) -> str:
    digest = hmac.new(secret, b"draft\0" + drawn.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest)[:SIGNED].decode()


def holder_of(token: str) -> str:
    """Under what the files of a draft wait: the digest of the token it was begun with."""
    return hashlib.sha256(b"draft:" + token.encode("utf-8", "replace")).hexdigest()


async def save(
    host: Host,
    token: str,
    jurisdiction: str,
    type: str,
    language: str,
    raw: dict[str, Any],
    *,
    before: Draft | None = None,
    form: str = "",
) -> None:
    """Keep what was typed under this token, over what was there `before`; what others wrote meanwhile stays too.

    Once a draft is sent nothing of it is kept any more.
    """
    base = before.raw if before else {}
    values: dict[str, Any] = {"jurisdiction": jurisdiction, "type": type, "language": language, "form": form}
    now = before
    for _ in range(TRIES):
        kept = raw if now is before else merged(base, raw, now.raw if now else {})
        body = as_json(kept)
        if len(body) > MOST_BYTES:
            raise TooLong(f"{len(body)} bytes")
        holder = now.holder if now else holder_of(token)
        if await _written(host, holder, {**values, "raw": body}, now.version if now else 0):
            return
        now = (await load(host, token)) or await _past(host, token)
        if now is not None and now.sent_as:
            return
    raise HouseRuleBroken(f"a draft was written by others {TRIES} times in a row")


async def _written(host: Host, holder: str, values: dict[str, Any], version: int) -> bool:
    """Whether nobody else wrote since that version."""
    now = clock.now()
    changed: dict[Any, Any] = {**values, "updated_at": now, "version": version + 1}
    async with transaction(host.engine):
        if version == 0:
            row = DraftRow(token_digest=holder, begun_at=now, sent_as="", **changed)
            made = DraftRow.insert(row).on_conflict(target=DraftRow.token_digest, action="DO NOTHING")
            return bool(await made.returning(DraftRow.version))
        ours = (DraftRow.token_digest == holder) & (DraftRow.sent_as == "")
        same = DraftRow.version == version
        return bool(await DraftRow.update(changed).where(ours & same).returning(DraftRow.version))


async def _past(host: Host, token: str) -> Draft | None:
    """A draft that grew too old and was not swept yet begins again with nothing in it."""
    rows = await DraftRow.select().where(DraftRow.token_digest == holder_of(token))
    return _draft({**rows[0], "raw": "{}"}) if rows else None


async def load(host: Host, token: str) -> Draft | None:
    """What is kept under a token, unless it is too old."""
    return (await load_all(host, (token,))).get(token)


async def load_all(host: Host, tokens: Collection[str]) -> dict[str, Draft]:
    """What is kept under each of these tokens, by token."""
    if not tokens:
        return {}
    by_digest = {holder_of(token): token for token in tokens}
    found = {by_digest[digest]: draft for digest, draft in (await by_holder(by_digest)).items()}
    others = [digest for digest, token in by_digest.items() if token not in found]
    keys = await DraftKey.select().where(DraftKey.token_digest.is_in(others)) if others else []
    drafts = await by_holder([key["draft"] for key in keys])
    opened = {by_digest[key["token_digest"]]: drafts[key["draft"]] for key in keys if key["draft"] in drafts}
    return found | opened


async def by_holder(holders: Collection[str]) -> dict[str, Draft]:
    """The drafts that are not too old among these, each by its holder."""
    if not holders:
        return {}
    young = DraftRow.updated_at > clock.now() - KEPT_FOR
    rows = await DraftRow.select().where(DraftRow.token_digest.is_in(list(holders)), young)
    return {row["token_digest"]: _draft(row) for row in rows}


def _draft(row: dict[str, Any]) -> Draft:
    names = ("jurisdiction", "type", "language", "begun_at", "updated_at", "sent_as", "form", "version")
    values = {name: row[name] for name in names}
    values["begun_at"] = values["begun_at"] or values["updated_at"]
    return Draft(**values, holder=row["token_digest"], raw=msgspec.json.decode(row["raw"]))


async def sent(host: Host, token: str, reference: str) -> None:
    """What was typed has become a request: nothing of it stays here but the reference."""
    holder = await _holder(host, token)
    async with transaction(host.engine):
        await DraftRow.update({DraftRow.raw: "{}", DraftRow.sent_as: reference}).where(DraftRow.token_digest == holder)
        await DraftKey.update({DraftKey.email: ""}).where(DraftKey.draft == holder)


async def _holder(host: Host, token: str) -> str:
    draft = await load(host, token)
    return draft.holder if draft else holder_of(token)


async def discard(host: Host, token: str) -> None:
    """The person does not want it any more: its words and its files go at once."""
    await discard_held(host, await _holder(host, token))


async def discard_held(host: Host, holder: str) -> None:
    """The same without its token."""
    async with transaction(host.engine):
        gone = DraftRow.delete().where(DraftRow.token_digest == holder, DraftRow.sent_as == "")
        if await gone.returning(DraftRow.token_digest):
            await DraftKey.delete().where(DraftKey.draft == holder)
        rows = (
            await Attachment.delete()
            .where(Attachment.holder == holder, Attachment.request.is_null())
            .returning(*CONTENTS)
        )
    await drop_unused(host, contents_in(rows))


async def sweep() -> int:
    """Inside a transaction: forget drafts that are too old."""
    old = DraftRow.updated_at <= clock.now() - KEPT_FOR
    gone = await DraftRow.delete().where(old).returning(DraftRow.token_digest)
    await DraftKey.delete().where(WhereRaw(OF_NO_DRAFT))
    return len(gone)


ERASURE = ErasureRule(typed=("SELECT token_digest FROM draft WHERE sent_as = ''",))


async def mailed_to(jurisdiction: str, email: str) -> tuple[Draft, ...]:
    """What was begun in a town, not sent, and mailed to this address, the last written first."""
    keys = await DraftKey.select(DraftKey.draft).where(DraftKey.email == email) if email else []
    drafts = (await by_holder({key["draft"] for key in keys})).values()
    ours = [draft for draft in drafts if draft.jurisdiction == jurisdiction and not draft.sent_as]
    return tuple(sorted(ours, key=lambda draft: draft.updated_at, reverse=True))


async def key_for(host: Host, draft: Draft, email: str) -> str:
    """The token by which the owner of this address comes back to a draft; earlier ones go on working.

    It is derived: the same however often it is asked for, and not to be had from our tables.
    """
    told = "\0".join(("draft of", draft.holder, email)).encode()
    token = signed(host.secret, hmac.digest(host.secret, told, "sha256")[: DRAWN * 3 // 4])
    row = DraftKey(token_digest=holder_of(token), draft=draft.holder, email=email)
    async with transaction(host.engine):
        await DraftKey.insert(row).on_conflict(target=DraftKey.token_digest, action="DO NOTHING")
    return token


async def forget_address(host: Host, jurisdiction: str, email: str) -> int:
    """Let go of what was mailed to an address, and destroy what was mailed to no other; how many drafts there were."""
    holders = [draft.holder for draft in await mailed_to(jurisdiction, email)]
    if not holders:
        return 0
    ours = DraftKey.draft.is_in(holders)
    async with transaction(host.engine):
        await DraftKey.delete().where(ours & (DraftKey.email == email))
        others = await DraftKey.select(DraftKey.draft).where(ours)
    for holder in set(holders) - {row["draft"] for row in others}:
        await discard_held(host, holder)
    return len(holders)
