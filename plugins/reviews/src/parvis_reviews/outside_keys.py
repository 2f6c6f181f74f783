"""Private links by which bodies outside the town answer a task: derived from a secret, limited in time, revocable."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.identifiers import new_id
from parvis.requests.drafting import MOST_BYTES, TooLong, holder_of
from parvis.requests.host import Host
from parvis.requests.links import id_in, token_of
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import as_json
from parvis_reviews.review_tasks import OpinionTask
from parvis_reviews.tables import OutsideKey

LASTS = timedelta(days=45)  # after the day on which the opinion is due


class Key(Struct, frozen=True, kw_only=True):
    """A link that is good now, and what was typed on its page so far."""

    id: UUID
    request: UUID
    task: UUID
    holder: str
    ends_at: datetime
    draft: dict[str, Any]


async def key_of(host: Host, task: OpinionTask, at: datetime) -> str:
    """Inside a transaction: the token of the link of a task, of a new one where none is good any more."""
    good = (OutsideKey.task == task.id) & OutsideKey.revoked.eq(False) & (OutsideKey.ends_at > at)
    rows = await OutsideKey.select(OutsideKey.id).where(good)
    if rows:
        return token_of(host.secret, "outside-key", rows[0]["id"])
    id = new_id()
    token = token_of(host.secret, "outside-key", id)
    row = {"id": id, "request": task.request, "task": task.id, "holder": holder_of(token), "made_at": at}
    ends_at = max(task.due_at or at, at) + LASTS
    await insert_values(OutsideKey, row | {"ends_at": ends_at, "revoked": False, "draft": ""})
    return token


async def revoke_keys(task: UUID) -> None:
    """Inside a transaction: no link of this task opens anything any more."""
    await OutsideKey.update({OutsideKey.revoked: True, OutsideKey.draft: ""}).where(OutsideKey.task == task)


async def keep_open(task: UUID, until: datetime) -> None:
    """Inside a transaction: the link lasts as long as the new date asks for."""
    lasts = until + LASTS
    shorter = (OutsideKey.task == task) & (OutsideKey.ends_at < lasts)
    await OutsideKey.update({OutsideKey.ends_at: lasts}).where(shorter)


async def opened(host: Host, token: str) -> Key | None:
    """What a link opens; None when it was never ours, is over or was revoked. Looking uses nothing up."""
    id = id_in(host.secret, "outside-key", token)
    rows = await OutsideKey.select().where(OutsideKey.id == id) if id else []
    if not rows or rows[0]["revoked"] or rows[0]["ends_at"] <= clock.now():
        return None
    row = rows[0]
    values = {name: row[name] for name in Key.__struct_fields__}
    return Key(**values | {"draft": msgspec.json.decode(row["draft"]) if row["draft"] else {}})


async def save_draft(host: Host, key: Key, raw: dict[str, Any]) -> None:
    """Keep what was typed so far."""
    body = as_json(raw)
    if len(body) > MOST_BYTES:
        raise TooLong(f"{len(body)} bytes")
    async with transaction(host.engine):
        await OutsideKey.update({OutsideKey.draft: body}).where(
            (OutsideKey.id == key.id) & OutsideKey.revoked.eq(False)
        )


async def drop_draft(task: UUID) -> None:
    """Inside a transaction: what was typed has become an opinion."""
    await OutsideKey.update({OutsideKey.draft: ""}).where(OutsideKey.task == task)


async def sweep_keys() -> int:
    """Inside a transaction: links that are over go, with what was typed behind them."""
    gone = await OutsideKey.delete().where(OutsideKey.ends_at <= clock.now()).returning(OutsideKey.id)
    return len(gone)


ERASURE = ErasureRule(
    personal=(
        Personal(table="opinion", blank={"given": "", "salt": "", "actor_name": ""}),
        Personal(table="review_task", blank={"body": "", "email": "", "assignee_email": "", "rests_on": ""}),
        Personal(table="outside_key"),
    ),
    typed=("SELECT holder FROM outside_key WHERE draft <> ''",),
)
