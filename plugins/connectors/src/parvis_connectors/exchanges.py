"""The exchange log: what was said to another system and what it said."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from urllib.parse import quote, quote_plus
from uuid import UUID

from msgspec import Struct
from piccolo.columns.combination import And, Where

from parvis import clock
from parvis.beside_worker import DeliveryLog
from parvis.db import Engine, insert, transaction
from parvis.http_client import LOGGED, ExchangeRecord
from parvis.identifiers import new_id
from parvis.outbox import DeliveryClaim
from parvis.requests.changing import Write
from parvis_connectors.tables import Exchange as ExchangeRow
from parvis_sdk.fields import Sensitivity
from parvis_sdk.requests import ServiceRequest

HIDDEN = "•••"
SHORTEST = 3  # characters; what is shorter stands everywhere by chance
SECRETS = (
    r"(?:access_?|refresh_?|id_?)?token|password|passwd|pwd|secret|client_?secret|client_?assertion|api_?key|"
    r"authorization|signature|sig|session|assertion"
)
IN_JSON = re.compile(rf'(\\?"(?:{SECRETS})\\?"\s*:\s*)(\\?"(?:[^"\\]|\\.)*"|[^\s,}}\]]+)', re.IGNORECASE)
IN_FORM = re.compile(rf"(^|[?&;\s])((?:{SECRETS})=)([^&\s]*)", re.IGNORECASE)


def without_secrets(words: str) -> str:
    """The words without the values of what names itself a secret, in JSON, forms and addresses."""
    hidden = IN_JSON.sub(rf'\1"{HIDDEN}"', words)
    return IN_FORM.sub(rf"\1\2{HIDDEN}", hidden)


def without(words: str, values: Iterable[str]) -> str:
    """The words without these values, however they are written in JSON, forms and addresses."""
    for value in sorted({value for value in values if len(value) >= SHORTEST}, key=len, reverse=True):
        for written in {value, json.dumps(value)[1:-1], quote(value), quote(value, safe=""), quote_plus(value)}:
            words = words.replace(written, HIDDEN)
    return words


def personal_of(request: ServiceRequest) -> tuple[str, ...]:
    """Everything in a request that tells of a person, as it was handed over."""
    values: list[str] = []
    if request.requester is not None:
        person = request.requester
        values += [person.name, person.email, person.phone, person.postal_address, *person.postal_address.split("\n")]
    values += [follower.email for follower in request.followers]
    values += [word for party in request.parties for word in (party.name, party.email, party.url)]
    values += [request.tracking_url, request.view_url, request.stop_url, request.settled_url, request.words]
    values += [request.short_url, request.short_stop_url]
    for code, answer in request.answers.items():
        field = request.questions.get(code)
        if field is not None and field.privacy.sensitivity in (Sensitivity.PERSONAL, Sensitivity.SENSITIVE):
            values += _words_in(answer)
    return tuple(value for value in values if value)


def _words_in(answer: object) -> list[str]:
    if isinstance(answer, str):
        return [answer]
    if isinstance(answer, dict):
        return [word for each in answer.values() for word in _words_in(each)]
    if isinstance(answer, list | tuple):
        return [word for each in answer for word in _words_in(each)]
    return []


Condition = Where | And
Purpose = Literal["delivery", "poll", "check", "trial", "compare", "chore"]
SWEPT_AT_ONCE = 1000
MOST_KEPT = 40  # calls of one delivery or poll; of more, the first and the last ones


class Exchange(Struct, frozen=True, kw_only=True):
    """One call as operators read it; `status` is 0 where no answer came."""

    id: UUID
    connector: str
    delivery: UUID | None
    purpose: Purpose
    at: datetime
    method: str
    url: str
    status: int
    milliseconds: int
    sent: str
    received: str
    trouble: str


def rows_for(
    connector: str,
    purpose: Purpose,
    exchanged: Sequence[ExchangeRecord],
    *,
    delivery: UUID | None = None,
    personal: Iterable[str] = (),
) -> list[ExchangeRow]:
    """The rows of what went over the wire, without secrets and without what is personal."""
    hidden = tuple(personal)
    kept = exchanged if len(exchanged) <= MOST_KEPT else (*exchanged[: MOST_KEPT // 2], *exchanged[-MOST_KEPT // 2 :])

    def plain(words: str, most: int = LOGGED) -> str:
        return without_secrets(without(words, hidden))[:most]

    return [
        ExchangeRow(
            id=new_id(),
            connector=connector,
            delivery=delivery,
            purpose=purpose,
            at=clock.now(),
            method=each.method[:10],
            url=plain(each.url, 2000),
            status=each.status,
            milliseconds=each.milliseconds,
            sent=plain(each.sent),
            received=plain(each.received),
            trouble=plain(each.trouble, 500),
        )
        for each in kept
    ]


async def keep(rows: Sequence[ExchangeRow]) -> None:
    """Inside a transaction: write them down."""
    if rows:
        await insert(*rows)


async def exchanges_of(
    *, delivery: UUID | None = None, connector: str = "", before: UUID | None = None, limit: int = 50
) -> tuple[Exchange, ...]:
    """The calls of one delivery, or the latest of one connector, newest first."""
    chosen: Condition = ExchangeRow.delivery == delivery if delivery is not None else ExchangeRow.connector == connector
    if before is not None:
        chosen = chosen & (ExchangeRow.id < before)
    rows = await ExchangeRow.select().where(chosen).order_by(ExchangeRow.id, ascending=False).limit(limit)
    return tuple(Exchange(**row) for row in rows)


async def sweep(engine: Engine, days: int) -> int:
    """Drop what is older than so many days, a thousand at a time."""
    old = ExchangeRow.at < clock.now() - timedelta(days=days)
    dropped = 0
    while rows := await ExchangeRow.select(ExchangeRow.id).where(old).limit(SWEPT_AT_ONCE):
        async with transaction(engine):
            await ExchangeRow.delete().where(ExchangeRow.id.is_in([row["id"] for row in rows]))
        dropped += len(rows)
    return dropped


def written(claimed: DeliveryClaim, exchanged: Sequence[ExchangeRecord], request: ServiceRequest) -> Write:
    """What writes down the calls of one delivery, in the transaction of its end."""
    personal = personal_of(request)
    return partial(keep, rows_for(claimed.connector, "delivery", exchanged, delivery=claimed.id, personal=personal))


CALLS = DeliveryLog(written=written)
