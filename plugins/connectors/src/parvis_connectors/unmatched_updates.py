"""News of other systems, taken in once; what could not be placed waits for operators, who match or drop it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct, structs
from piccolo.columns.combination import And, Where
from piccolo.query.functions import Count

from parvis import clock
from parvis.db import transaction
from parvis.identifiers import new_id
from parvis.plugins.trying import Failure, caught
from parvis.requests.host import Host
from parvis.requests.records import find
from parvis_connectors.applied_updates import UNPLACED, Arrival, apply_update
from parvis_connectors.tables import UnmatchedUpdate as StrayRow
from parvis_sdk.connectors import Connector, News
from parvis_sdk.made_of import shape_mistakes
from parvis_sdk.subscriptions import MOST_REMEMBERED, Update, is_kept_as_json
from parvis_sdk.text import Text

Condition = Where | And
State = Literal["open", "matched", "dropped"]
LONGEST, LONGEST_SHOWN = 200, 60
NOT_TAKEN = Text(
    fr="la mise à jour {key} ne peut pas être conservée\u00a0: {what}", en="update {key} cannot be kept: {what}"
)
RUBBISH = Text(
    fr="les News reçues contiennent une valeur invalide\u00a0: {where}, {error}",
    en="the News received contain an invalid value: {where}, {error}",
)
TOO_MUCH = Text(
    fr="les News reçues demandent de conserver plus de {most} octets",
    en="the News received ask to store more than {most} bytes",
)
NAIVE = Text(fr="«\u00a0at\u00a0» est sans fuseau horaire", en="`at` has no time zone")
AGAIN = """
INSERT INTO stray (id, connector, key, external_reference, reason, state, body, received_at, times, said,
                   reference, settled_by)
VALUES ({}, {}, {}, {}, {}, {}, {}, {}, 1, '', '', '')
ON CONFLICT (connector, key) DO UPDATE SET times = stray.times + 1"""


class UnmatchedUpdate(Struct, frozen=True, kw_only=True):
    """One update that could not be placed; `update` is the news itself."""

    id: UUID
    connector: str
    key: str
    external_reference: str
    reason: str
    state: State
    update: Update
    received_at: datetime
    times: int
    reference: str
    settled_at: datetime | None
    settled_by: str
    said: str


async def keep(host: Host, connector: str, update: Update, body: str, reason: Arrival) -> None:
    """Keep news that cannot be placed; the same one that comes again is counted."""
    state = "dropped" if reason == "erased" else "open"
    theirs = update.external_reference[:LONGEST]
    async with transaction(host.engine):
        await StrayRow.raw(AGAIN, new_id(), connector, _key(update), theirs, reason, state, body, clock.now())


async def strays(
    state: State = "open", *, connector: str = "", before: UUID | None = None, limit: int = 50
) -> tuple[UnmatchedUpdate, ...]:
    """Strays in a state, newest first."""
    chosen: Condition = StrayRow.state == state
    if connector:
        chosen = chosen & (StrayRow.connector == connector)
    if before is not None:
        chosen = chosen & (StrayRow.id < before)
    rows = await StrayRow.select().where(chosen).order_by(StrayRow.id, ascending=False).limit(limit)
    return tuple(_stray(row) for row in rows)


async def stray(id: UUID) -> UnmatchedUpdate | None:
    """One of them."""
    row = await StrayRow.select().where(StrayRow.id == id).first()
    return _stray(row) if row else None


async def count_open() -> dict[str, int]:
    """How many wait for somebody, by connector."""
    rows = (
        await StrayRow.select(StrayRow.connector, Count(alias="many"))
        .where(StrayRow.state == "open")
        .group_by(StrayRow.connector)
    )
    return {row["connector"]: int(row["many"]) for row in rows}


async def match(host: Host, id: UUID, typed: str, by: str) -> Arrival | None:
    """Say which request it is about, and take it in; None when it waits no more, "unknown" for no such request."""
    found = await stray(id)
    if found is None or found.state != "open":
        return None
    record = await find(host, typed)
    if record is None:
        return "unknown"
    plugin = host.plugins.connected_by(found.connector)
    update = structs.replace(found.update, reference=record.reference)
    arrival = await apply_update(host, found.connector, update, plugin=plugin.name if plugin else "", by_a_person=True)
    if arrival not in UNPLACED:
        await _settle(host, id, "matched", by, reference=record.reference)
    return arrival


async def drop(host: Host, id: UUID, by: str, reason: str) -> bool:
    """Drop one, with a reason; False when it waits no more."""
    return await _settle(host, id, "dropped", by, said=reason)


async def _settle(host: Host, id: UUID, state: State, by: str, *, reference: str = "", said: str = "") -> bool:
    async with transaction(host.engine):
        settled = (
            await StrayRow.update(
                {
                    StrayRow.state: state,
                    StrayRow.reference: reference,
                    StrayRow.said: said[:2000],
                    StrayRow.settled_by: by[:120],
                    StrayRow.settled_at: clock.now(),
                }
            )
            .where((StrayRow.id == id) & (StrayRow.state == "open"))
            .returning(StrayRow.id)
        )
    return bool(settled)


def _key(update: Update) -> str:
    key = update.key
    return key if len(key) <= LONGEST else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _stray(row: dict[str, object]) -> UnmatchedUpdate:
    values = {name: row[name] for name in UnmatchedUpdate.__struct_fields__ if name != "update"}
    update = msgspec.json.decode(str(row["body"]), type=Update)
    return msgspec.convert({**values, "update": update}, UnmatchedUpdate, from_attributes=True)


async def take(host: Host, connector: Connector, update: Update, *, within: str = "") -> Arrival:
    """Take one piece of news in, of requests `within` a town; what cannot be placed waits as an unmatched update."""
    plugin = host.plugins.connected_by(connector.name)
    arrival = await apply_update(host, connector.name, update, plugin=plugin.name if plugin else "", within=within)
    if arrival in UNPLACED:
        kept = structs.replace(update, note=None, files=(), given={}) if arrival == "erased" else update
        body = msgspec.json.encode(kept).decode()
        await keep(host, connector.name, update, body, arrival)
    return arrival


def wrong_with(news: News) -> Text | None:
    """What cannot be taken in of it, whichever update: found before anything is written."""
    if (mistake := next(shape_mistakes(news), None)) is not None:
        return RUBBISH.format(where=mistake.where, error=mistake.what)
    if any(each.at is not None and each.at.tzinfo is None for each in news.updates):
        return RUBBISH.format(where="updates", error=NAIVE)
    if not all(map(is_kept_as_json, (news.remember, *(each.remember for each in news.updates)))):
        return TOO_MUCH.format(most=MOST_REMEMBERED)
    return None


async def take_all(host: Host, connector: Connector, updates: Sequence[Update]) -> Failure | None:
    """Take in each piece of news; the first that cannot be keeps none of the others waiting, and is told by its key."""
    wrong: Failure | None = None
    for update in updates:
        tried = await caught(partial(take, host, connector, update))
        if isinstance(tried, Failure) and tried.kind == "database":
            return tried
        if isinstance(tried, Failure) and wrong is None:
            words = NOT_TAKEN.format(key=f"{update.key[:LONGEST_SHOWN]!a}", what=tried.what)
            wrong = structs.replace(tried, what=words)
    return wrong
