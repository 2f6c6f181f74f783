"""The keys that browsers keep of a request, one for each device, and those that were ended by leaving on it.

A key is derived and not stored. What makes it one device's is its mark, drawn by chance; leaving keeps the mark for as
long as the key would last, so that a copy of it opens nothing either.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Literal
from uuid import UUID

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.people_tables import EndedDevice
from parvis.db.tables import ServiceRequest
from parvis.requests.host import Host
from parvis.requests.links import LINK_LASTS, has_right, key_with
from parvis.requests.records import Record, record_of
from parvis.requests.references import normalise

MARK = 16  # characters by chance, and as many before them of the session that lent the key
Kept = Literal["view", "settled"]
WITH_KEY = """
SELECT r.*, EXISTS (SELECT 1 FROM ended_device WHERE mark IN ({}, {})) AS is_ended
FROM service_request r WHERE r.reference = {}"""


def device_key(
    host: Host, record: Record, right: Kept, lasts: timedelta, *, party: UUID | None = None, lent_by: str = ""
) -> str:
    """A key of this device alone, for the holder of the request or the party who opens it; `lent_by` names the session
    with whose leaving it ends too."""
    mark = lent_by[:MARK] + secrets.token_hex(MARK // 2)
    whose = party.hex if party else ""
    return f"{key_with(host, record, right, whose, mark, lasts=lasts)}.{mark}.{whose}"


def device_in(host: Host, record: Record, right: Kept, given: str) -> Literal["holder"] | UUID | None:
    """Whose key of a device this is, of the holder or of a party; None when it is none or is over by itself."""
    key, _, rest = given.partition(".")
    mark, _, whose = rest.partition(".")
    about = (whose, mark) if mark else ()  # without one: an older key, of all devices that were opened in one hour
    if not has_right(host, record, right, key, *about):
        return None
    return UUID(hex=whose) if whose else "holder"


async def find_with_key(typed: str, given: str) -> tuple[Record | None, bool]:
    """The request of a reference, however typed, and whether somebody left on the device, or in what lent its key."""
    mark = _mark(given)
    rows = await ServiceRequest.raw(WITH_KEY, mark, mark[:MARK], normalise(typed) or "")
    return (record_of(rows[0]), bool(rows[0]["is_ended"])) if rows else (None, False)


async def end_device(engine: Engine, given: str) -> None:
    """The key of a device opens nothing from now on, wherever it was copied to."""
    await _end(engine, _mark(given))


async def end_lent(engine: Engine, session: str) -> None:
    """Every key that this session lent opens nothing from now on."""
    await _end(engine, session[:MARK])


async def _end(engine: Engine, mark: str) -> None:
    row = EndedDevice(mark=mark, ends_at=clock.now() + LINK_LASTS + timedelta(days=1))
    async with transaction(engine):
        await EndedDevice.insert(row).on_conflict(target=EndedDevice.mark, action="DO NOTHING")


async def sweep_ended_devices(engine: Engine) -> int:
    """What would be over by itself needs no mark any more."""
    async with transaction(engine):
        gone = await EndedDevice.delete().where(EndedDevice.ends_at <= clock.now()).returning(EndedDevice.mark)
    return len(gone)


def _mark(given: str) -> str:
    key, _, rest = given.partition(".")
    return (
        rest.partition(".")[0][: 2 * MARK] or hashlib.sha256(key.strip().lower().encode("utf-8", "replace")).hexdigest()
    )
