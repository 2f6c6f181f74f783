"""Sending: what is due to each endpoint, in order within a request, each try with an end, and who fails is spared."""

import asyncio
import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import structlog
from msgspec import Struct

from parvis import clock
from parvis.db import skip_locked, transaction
from parvis.http_client import Clients
from parvis.i18n import language
from parvis.outbox.circuits import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, next_try
from parvis.people.tokens import MachineToken, tokens
from parvis.plugins.trying import Failure, caught
from parvis.requests.history import Entry, entries_of
from parvis.requests.host import Host
from parvis.requests.payloads import request_for
from parvis.requests.records import get
from parvis_api_webhooks.endpoints import Changes, Endpoint
from parvis_api_webhooks.tables import WebhookDelivery, WebhookEndpoint
from parvis_sdk.connectors import Connection, Pace
from parvis_sdk.errors import Later, OutsideError, Refused
from parvis_sdk.events import Amended, Assigned, Erased, Event, Happened, Moved, Submitted
from parvis_sdk.text import Text
from parvis_webhooks.client import send
from parvis_webhooks.mapping import Payload, payload_of, ping_at

PACE = Pace(at_once=16, seconds=15)
LEASE = timedelta(minutes=2)
MOST, MOST_EACH = 32, 8  # deliveries of one round, and of one endpoint in it
PATIENCE = timedelta(days=5)  # of nothing but failures, after which an endpoint is paused
DUE = """SELECT d.key, d.endpoint, d.entry, d.request, d.attempts FROM api_webhooks_delivery d
WHERE d.endpoint = {{}} AND d.state IN ('waiting', 'claimed') AND d.due_at <= {{}}
AND NOT EXISTS (SELECT 1 FROM api_webhooks_delivery b WHERE b.endpoint = d.endpoint AND b.request = d.request
AND b.entry < d.entry AND b.state IN ('waiting', 'claimed'))
ORDER BY d.due_at, d.entry LIMIT {{}} {lock}"""
log = structlog.get_logger("parvis.api_webhooks")


class WebhookClaim(Struct, frozen=True, kw_only=True):
    """A delivery that this worker holds until its lease ends."""

    key: str
    endpoint: Endpoint
    entry: UUID
    request: UUID
    attempts: int


async def send_due(host: Host, endpoints: tuple[Endpoint, ...]) -> int:
    """One round: whatever may go to each of them now, side by side; how many tries were made."""
    now, owners = clock.now(), {each.handle: each for each in await tokens(host.engine)}
    claims: list[WebhookClaim] = []
    for endpoint in random.sample(endpoints, len(endpoints)):
        if endpoint.state != "on" or (endpoint.next_try_at is not None and endpoint.next_try_at > now):
            continue
        if not _is_in_force(endpoint, owners, now):
            await pause(host, endpoint, "token")
            continue
        claims += await _claimed(host, endpoint, now, MOST - len(claims))
    for each in await asyncio.gather(*(caught(partial(_try, host, claim)) for claim in claims)):
        if isinstance(each, Failure):  # its lease ends, and it is tried again
            log.error("a webhook could not be told", trouble=str(each))
    return len(claims)


def _is_in_force(endpoint: Endpoint, owners: dict[str, MachineToken], now: datetime) -> bool:
    """Whether the token that made the webhook is still valid; without access nothing more is sent."""
    if not endpoint.owner:
        return True
    token = owners.get(endpoint.owner)
    return token is not None and not token.revoked and (token.ends_at is None or token.ends_at > now)


async def _claimed(host: Host, endpoint: Endpoint, now: datetime, most: int) -> list[WebhookClaim]:
    """Deliveries of one endpoint; one alone where it failed last."""
    limit = min(most, 1 if endpoint.failures >= FAILURES else MOST_EACH)
    if limit < 1 or not await WebhookDelivery.raw(DUE.format(lock=""), endpoint.id, now, 1):
        return []
    async with transaction(host.engine):
        rows = await WebhookDelivery.raw(DUE.format(lock=skip_locked(host.engine)), endpoint.id, now, limit)
        keys = [row["key"] for row in rows]
        if keys:
            taken: Changes = {
                WebhookDelivery.state: "claimed",
                WebhookDelivery.due_at: now + LEASE,
                WebhookDelivery.attempts: WebhookDelivery.attempts + 1,
            }
            await WebhookDelivery.update(taken).where(WebhookDelivery.key.is_in(keys))
    return [
        WebhookClaim(
            key=row["key"],
            endpoint=endpoint,
            entry=UUID(str(row["entry"])),
            request=UUID(str(row["request"])),
            attempts=row["attempts"] + 1,
        )
        for row in rows
    ]


async def _try(host: Host, claim: WebhookClaim) -> None:
    """One try, and what came of it: done, tried again later, dead, or no business of the endpoint any more."""
    endpoint, now = claim.endpoint, clock.now()
    record = await get(host, claim.request)
    town = host.jurisdictions.get(endpoint.jurisdiction)
    entry = next((each for each in await entries_of(record) if each.id == claim.entry), None)
    if entry is None or not endpoint.scope(town).holds(record):
        await _settle(host, claim, {"state": "skipped", "done_at": now})
        return
    payload = payload_of(event_of(entry, record.reference, record.type), await request_for(host, record, ()), ())
    try:
        await tell(host, endpoint, payload)
    except (OutsideError, httpx.HTTPError) as error:
        await _failed(host, claim, error)
        return
    await _settle(host, claim, {"state": "done", "done_at": clock.now(), "trouble": ""}, well=True)


async def tell(host: Host, endpoint: Endpoint, payload: Payload) -> str:
    """Send it, signed with every secret that is valid, by the guarded exit; what was answered."""
    connection = Connection(http=host.of(Clients).of("api_webhooks", PACE), now=clock.now())
    answer = await send(connection, endpoint.url, endpoint.secrets(host), payload)
    return f"HTTP {answer.status_code}"


async def tell_ping(host: Host, endpoint: Endpoint) -> tuple[bool, str]:
    """A trial: whether it was accepted, and what was answered, in the language that is spoken."""
    try:
        return True, await tell(host, endpoint, ping_at(clock.now()))
    except (OutsideError, httpx.HTTPError) as error:
        return False, _words(error, language())


async def _failed(host: Host, claim: WebhookClaim, error: Exception) -> None:
    now, words = clock.now(), _words(error)
    wait = error.retry_after if isinstance(error, Later) else None
    is_over = isinstance(error, Refused)
    if is_over:  # the address is gone, not what was to be told: it waits with all else until somebody resumes
        due: datetime | None = now
    else:
        due = next_try(claim.attempts, now=now, luck=random.random(), retry_after=wait)  # noqa: S311
    state = {"state": "waiting", "due_at": due} if due else {"state": "dead"}
    log.info("webhook failed", endpoint=str(claim.endpoint.id), attempts=claim.attempts, trouble=words)
    await _settle(host, claim, {**state, "trouble": words}, well=False)
    if is_over:
        await pause(host, claim.endpoint, "gone")


async def _settle(host: Host, claim: WebhookClaim, changed: Changes, *, well: bool | None = None) -> None:
    """What came of a try, unless its lease is over and another worker has it; and how the endpoint does."""
    now = clock.now()
    ours = (WebhookDelivery.key == claim.key) & (WebhookDelivery.attempts == claim.attempts)
    async with transaction(host.engine):
        await WebhookDelivery.update(changed).where(ours & (WebhookDelivery.state == "claimed"))
        this = WebhookEndpoint.id == claim.endpoint.id
        if well:
            fresh: Changes = {"failures": 0, "failing_since": None, "next_try_at": None}
            await WebhookEndpoint.update(fresh).where(this & (WebhookEndpoint.failures > 0))
        elif well is False:
            failures = claim.endpoint.failures + 1
            rest = min(FIRST_PAUSE * (1 << min(max(failures - FAILURES, 0), 10)), LONGEST_PAUSE)
            since = claim.endpoint.failing_since or now
            worse: Changes = {"failures": failures, "failing_since": since}
            if failures >= FAILURES:
                worse["next_try_at"] = now + rest
            if now - since > PATIENCE:
                worse |= {"state": "paused", "why": "failing"}
            await WebhookEndpoint.update(worse).where(this)


async def pause(host: Host, endpoint: Endpoint, why: str) -> None:
    """Everything waits, and nothing is lost."""
    async with transaction(host.engine):
        paused: Changes = {"state": "paused", "why": why}
        await WebhookEndpoint.update(paused).where(WebhookEndpoint.id == endpoint.id)
    log.warning("webhook paused", endpoint=str(endpoint.id), why=why)


def event_of(entry: Entry, reference: str, type_code: str) -> Event:
    """What an entry of a history announced, without what was personal in it."""
    about: dict[str, Any] = {"id": str(entry.id), "reference": reference, "at": entry.at, "actor": entry.actor.kind}
    body = entry.body
    match entry.kind:
        case "moved":
            transition, source, target = (str(body.get(name, "")) for name in ("transition", "source", "target"))
            return Moved(**about, type=type_code, transition=transition, source=source, target=target)
        case "happened":
            return Happened(**about, type=type_code, fact=", ".join(map(str, body.get("facts", ()))))
        case "assigned":
            return Assigned(**about, unit=str(body.get("unit", "")))
        case "amended":
            return Amended(**about, changed=tuple(map(str, body.get("changed", ()))))
        case "erased":
            return Erased(**about)
        case _:
            return Submitted(**about, type=type_code, state=str(body.get("state", "")))


def _words(error: Exception, language: str = "en") -> str:
    words = error.words if isinstance(error, OutsideError) else str(error) or type(error).__name__
    return (words.to(language) if isinstance(words, Text) else words)[:300]
