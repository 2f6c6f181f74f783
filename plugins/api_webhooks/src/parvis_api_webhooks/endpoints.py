"""Endpoints: whom a program or an operator wants told, what of, with secrets that are made and never kept."""

import hmac
import secrets
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.access_scope import Reach, Scope, scope_over
from parvis.db import Engine, held, transaction
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.people.tokens import MachineToken
from parvis.requests.host import Host
from parvis.signing import every_key
from parvis_api_webhooks.tables import WebhookDelivery, WebhookEndpoint
from parvis_sdk.cleaning import clean
from parvis_sdk.signatures import PREFIX

EventName = Literal["submitted", "moved", "happened", "assigned", "amended", "erased"]
EVENTS: tuple[EventName, ...] = get_args(EventName)
State = Literal["on", "paused"]
MOST = 50  # of one town
SALT, LONGEST_FORMER = 6, 40  # bytes of a salt, which is no secret; characters of those that still sign
Changes = dict[Any, Any]
LISTS = ("events", "units", "types")


class Endpoint(Struct, frozen=True, kw_only=True):
    """An endpoint as it stands; `why` says of a pause whether it was asked for, or what else brought it about."""

    id: UUID
    jurisdiction: str
    title: str
    url: str
    events: tuple[str, ...]
    units: tuple[str, ...]
    types: tuple[str, ...]
    salt: str
    former_salt: str
    former_until: datetime | None
    owner: str
    made_at: datetime
    version: int
    state: State
    why: str
    failures: int
    failing_since: datetime | None
    next_try_at: datetime | None
    collected_until: datetime
    replay_after: UUID | None
    replay_until: UUID | None
    replayed: int

    def scope(self, town: Jurisdiction | None) -> Scope:
        """The requests that it may be told of."""
        reaches = [
            Reach(
                permissions=frozenset({"see"}), jurisdiction=self.jurisdiction, unit=unit, types=frozenset(self.types)
            )
            for unit in self.units or ("",)
        ]
        return scope_over(reaches, ("see",), town)

    def secrets(self, host: Host) -> tuple[str, ...]:
        """Those that sign now, the newest first; while the installation changes its own key, each in both ways."""
        salts = (self.salt, *still_signing(self.former_salt, self.former_until))
        return tuple(secret_of(key, self.id, salt) for salt in salts for key in every_key(host.secret))


def secret_of(key: bytes, id: UUID, salt: str) -> str:
    """A secret as the Standard Webhooks write it."""
    made = hmac.digest(bytes(key), f"webhook {id} {salt}".encode(), sha256().name)
    return PREFIX + b64encode(made).decode()


def reaches_all(token: MachineToken, endpoint: Endpoint, town: Jurisdiction) -> bool:
    """Whether a token may manage an endpoint: all that it is told of lies within the limits of the token."""
    if token.jurisdiction != endpoint.jurisdiction:
        return False
    if token.types and not (endpoint.types and {*endpoint.types} <= {*token.types}):
        return False
    if not token.units:
        return True
    under = frozenset[str]().union(*(town.units_under(unit) for unit in token.units))
    return bool(endpoint.units) and {*endpoint.units} <= under


async def endpoints_of(jurisdiction: str = "") -> tuple[Endpoint, ...]:
    """Those of a town, or of all, the latest first."""
    query = WebhookEndpoint.select().order_by(WebhookEndpoint.id, ascending=False)
    if jurisdiction:
        query = query.where(WebhookEndpoint.jurisdiction == jurisdiction)
    return tuple(endpoint_of(row) for row in await query)


async def find_endpoint(id: UUID) -> Endpoint | None:
    row = await WebhookEndpoint.select().where(WebhookEndpoint.id == id).first()
    return endpoint_of(row) if row else None


async def make_endpoint(
    host: Host,
    *,
    jurisdiction: str,
    title: str,
    url: str,
    events: Iterable[str],
    units: Iterable[str] = (),
    types: Iterable[str] = (),
    owner: str = "",
) -> Endpoint:
    """A new endpoint, told of what happens from now on."""
    id, now = new_id(), clock.now()
    values: Changes = {
        "id": id,
        "jurisdiction": jurisdiction,
        "title": clean(title).strip(),
        "url": url,
        "events": _written(events),
        "units": _written(units),
        "types": _written(types),
        "salt": secrets.token_hex(SALT),
        "owner": owner,
        "made_at": now,
        "collected_until": now,
    }
    async with transaction(host.engine):
        await WebhookEndpoint.insert(WebhookEndpoint(**values))
    return await _there(id)


async def change_endpoint(engine: Engine, id: UUID, expected: int, changed: dict[str, Any]) -> Endpoint | int | None:
    """The endpoint as it has become; the version it has when that is another one, None when there is none."""
    async with transaction(engine):
        query = WebhookEndpoint.select(WebhookEndpoint.version).where(WebhookEndpoint.id == id).first()
        row = await held(query, engine)
        if row is None:
            return None
        if row["version"] != expected:
            return int(row["version"])
        values: Changes = {name: _written(value) if name in LISTS else value for name, value in changed.items()}
        if "title" in values:
            values["title"] = clean(values["title"]).strip()
        await WebhookEndpoint.update(values | {"version": expected + 1}).where(WebhookEndpoint.id == id)
    return await find_endpoint(id)


async def resume(engine: Engine, id: UUID) -> None:
    """Waiting deliveries go at once, and earlier failures are forgotten."""
    now = clock.now()
    async with transaction(engine):
        well: Changes = {"state": "on", "why": "", "failures": 0, "failing_since": None, "next_try_at": None}
        await WebhookEndpoint.update(well).where(WebhookEndpoint.id == id)
        waiting = (WebhookDelivery.endpoint == id) & (WebhookDelivery.state == "waiting")
        await WebhookDelivery.update({WebhookDelivery.due_at: now}).where(waiting)


def still_signing(salts: str, until: datetime | None) -> list[str]:
    """The salts of former secrets, the newest first, while their overlap lasts."""
    return salts.split() if until is not None and until > clock.now() else []


async def change_secret(host: Host, id: UUID, overlap: timedelta) -> Endpoint | None:
    """A new secret; the previous ones sign as well until the overlap is over, also one made a moment ago, whose answer
    may have been lost. None where the endpoint is gone.
    """
    async with transaction(host.engine):
        row = await held(WebhookEndpoint.select().where(WebhookEndpoint.id == id).first(), host.engine)
        if row is None:
            return None
        until, now = row["former_until"], clock.now()
        former = [row["salt"], *still_signing(row["former_salt"], until)] if overlap else []
        while len(" ".join(former)) > LONGEST_FORMER:
            former.pop()
        changed: Changes = {
            "salt": secrets.token_hex(SALT),
            "former_salt": " ".join(former),
            "former_until": max(until or now, now + overlap) if overlap else now,
        }
        await WebhookEndpoint.update(changed).where(WebhookEndpoint.id == id)
    return await _there(id)


async def delete_endpoint(engine: Engine, id: UUID) -> None:
    """It is told nothing any more, and nothing of it is kept."""
    async with transaction(engine):
        await WebhookDelivery.delete().where(WebhookDelivery.endpoint == id)
        await WebhookEndpoint.delete().where(WebhookEndpoint.id == id)


async def _there(id: UUID) -> Endpoint:
    [row] = await WebhookEndpoint.select().where(WebhookEndpoint.id == id)
    return endpoint_of(row)


def endpoint_of(row: dict[str, Any]) -> Endpoint:
    values = {name: row[name] for name in Endpoint.__struct_fields__}
    return Endpoint(**values | {name: msgspec.json.decode(row[name], type=tuple[str, ...]) for name in LISTS})


def _written(codes: Iterable[str]) -> str:
    return msgspec.json.encode(tuple(dict.fromkeys(codes))).decode()
