"""Signed calls to endpoints of plugins: believed by their signature, taken in once by their id."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from piccolo.columns.combination import And

from parvis import clock
from parvis.db import Engine, transaction
from parvis.identifiers import new_id
from parvis_connectors.tables import PluginCall as CallRow
from parvis_sdk.endpoints import EndpointRequest
from parvis_sdk.signatures import ID, trouble_before, trouble_with

WINDOW = 300  # seconds between their clock and ours
KEPT_FOR = timedelta(days=7)  # in which a sender tries again
UNDER_WAY = timedelta(minutes=1)  # after which a call that was never answered may be made again
UNANSWERED = 0


def unsigned(headers: dict[str, str]) -> str | None:
    """Why a call is not believed, before anything of its plugin runs; None where its secrets have to tell."""
    return trouble_before(headers, clock.now(), WINDOW)


def disbelieved(asked: EndpointRequest, headers: dict[str, str], secrets: Iterable[str]) -> str | None:
    """Why a call is not believed; None where one of the secrets signed it just now."""
    return trouble_with(headers, asked.body, asked.at, secrets, WINDOW)


async def begun(engine: Engine, endpoint: str, town: str, headers: dict[str, str]) -> int | None:
    """Note that a call is being answered; the status with which the same one was answered before, or `UNANSWERED`
    while it is under way."""
    now, key = clock.now(), _key(headers)
    async with transaction(engine):
        stale = (CallRow.status == UNANSWERED) & (CallRow.at < now - UNDER_WAY)
        await CallRow.delete().where(_this(endpoint, town, key) & stale)
        row = CallRow(id=new_id(), endpoint=endpoint, town=town, key=key, at=now, status=UNANSWERED)
        target = (CallRow.endpoint, CallRow.town, CallRow.key)
        if await CallRow.insert(row).on_conflict(target=target, action="DO NOTHING").returning(CallRow.id):
            return None
        found = await CallRow.select(CallRow.status).where(_this(endpoint, town, key)).first()
    return int(found["status"]) if found else UNANSWERED


async def ended(engine: Engine, endpoint: str, town: str, headers: dict[str, str], status: int) -> None:
    """Note how it was answered; one that failed here may be made again."""
    this = _this(endpoint, town, _key(headers))
    async with transaction(engine):
        if status >= 500:
            await CallRow.delete().where(this)
        else:
            await CallRow.update({CallRow.status: status}).where(this)


async def sweep(engine: Engine) -> int:
    """Drop what nobody sends again."""
    async with transaction(engine):
        return len(await CallRow.delete().where(CallRow.at < clock.now() - KEPT_FOR).returning(CallRow.id))


def _this(endpoint: str, town: str, key: str) -> And:
    return (CallRow.endpoint == endpoint) & (CallRow.town == town) & (CallRow.key == key)


def _key(headers: dict[str, str]) -> str:
    return hashlib.sha256(headers.get(ID, "").encode("utf-8", "replace")).hexdigest()
