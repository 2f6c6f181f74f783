"""Pictures that a report names by their addresses: fetched by a worker through the guarded exit, judged as uploads."""

import asyncio
from datetime import timedelta
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from uuid import UUID

import httpx
import structlog
from piccolo.columns import Column

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.http_client import Clients
from parvis.identifiers import new_id
from parvis.plugins.trying import Failure, caught
from parvis.requests.attached.receiving import receive_file
from parvis.requests.changing import NoSuchRequest
from parvis.requests.host import Host
from parvis.requests.records import Record, get_each
from parvis.requests.work.conversation import receive_within
from parvis_open311.tables import Open311Media
from parvis_sdk.connectors import Pace
from parvis_sdk.errors import Later, Refused
from parvis_sdk.fields import PHOTO_KINDS
from parvis_sdk.problems import Problem

MOST_MEDIA = 5
MOST_BYTES = 15_000_000
AT_ONCE = 20  # of one turn
TRIES = 8
WAITS = timedelta(minutes=1)  # after the first try, doubled each time
REDIRECTS = 3
LONGEST = 30.0  # seconds for one answer, also from a server that trickles it
PACE = Pace(seconds=20.0)
REFERENCE = "open311"
log = structlog.get_logger("parvis.open311")
Columns = dict[Column | str, Any]


async def wait_for(record: Record, addresses: tuple[str, ...]) -> None:
    """In the transaction of the report: its pictures wait to be fetched."""
    for address in addresses:
        await insert_values(
            Open311Media,
            {
                "id": new_id(),
                "request": record.id,
                "jurisdiction": record.jurisdiction,
                "url": address,
                "digest": sha256(address.encode("utf-8", "backslashreplace")).hexdigest(),
                "state": "waiting",
                "tries": 0,
                "due_at": clock.now(),
                "said": "",
            },
        )


async def fetch_due(host: Host) -> int:
    """Fetch what is due; how many pictures came to their requests."""
    due = (
        await Open311Media.select()
        .where((Open311Media.state == "waiting") & (Open311Media.due_at <= clock.now()))
        .order_by(Open311Media.due_at)
        .limit(AT_ONCE)
    )
    records = await get_each({row["request"] for row in due})
    brought = 0
    for row in due:
        done = await caught(partial(_fetch, host, row, records.get(row["request"])))
        if isinstance(done, Failure):  # one picture holds up no other
            log.error("a picture cannot be fetched", id=str(row["id"]), trouble=str(done))
            await _put_off(host, row, str(done))
        else:
            brought += done.value
    return brought


async def _fetch(host: Host, row: dict[str, Any], record: Record | None) -> bool:
    if record is None or record.erased_at is not None:
        await _settle(host, row["id"], "refused", "its request was erased")
        return False
    try:
        content = await _content_at(host, row["url"])
    except Later as error:
        await _put_off(host, row, str(error))
        return False
    except (Refused, httpx.InvalidURL, ValueError) as error:
        await _settle(host, row["id"], "refused", str(error))
        return False
    holder = f"open311:media:{row['id']}"
    name = unquote(urlsplit(row["url"]).path.rpartition("/")[2]) or "photo"
    kept = await receive_file(host, holder, "media", name, content, kinds=PHOTO_KINDS)
    if isinstance(kept, Problem):
        await _settle(host, row["id"], "refused", kept.message.en)
        return False
    try:
        async with transaction(host.engine):
            await receive_within(host, record.reference, {"words": ""}, files=(kept.id,), holder=holder, moves=False)
            await _settled(row["id"], "kept", "")
    except NoSuchRequest:
        await _settle(host, row["id"], "refused", "its request was destroyed")
        return False
    return True


async def _content_at(host: Host, address: str) -> bytes:
    """What lies there, through the exit that lets nothing reach our own networks; a few redirects are followed."""
    client = host.of(Clients).of(REFERENCE, PACE)
    for _ in range(REDIRECTS + 1):
        if urlsplit(address).scheme not in ("http", "https"):
            raise Refused("it is no address of the web")
        try:
            async with asyncio.timeout(LONGEST), client.stream("GET", address, headers={"accept": "image/*"}) as answer:
                if answer.has_redirect_location:
                    address = urljoin(address, answer.headers["location"])
                    continue
                if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code in (408, 425, 429):
                    raise Later(f"it answers {answer.status_code}")
                if answer.status_code != HTTPStatus.OK:
                    raise Refused(f"it answers {answer.status_code}")
                return await _read(answer)
        except httpx.DecodingError as error:
            raise Refused(f"what it answers cannot be read: {error}") from error
        except TimeoutError as error:
            raise Later(f"no answer within {LONGEST:.0f} seconds") from error
        except httpx.TransportError as error:
            raise Later(str(error) or type(error).__name__) from error
    raise Refused(f"it leads on more than {REDIRECTS} times")


async def _read(answer: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            raise Refused(f"it has more than {MOST_BYTES} bytes")
    return bytes(content)


async def _put_off(host: Host, row: dict[str, Any], said: str) -> None:
    tries = row["tries"] + 1
    if tries >= TRIES:
        await _settle(host, row["id"], "refused", said)
        return
    later: Columns = {"tries": tries, "due_at": clock.now() + WAITS * 2**tries, "said": said[:500]}
    async with transaction(host.engine):
        await Open311Media.update(later).where(Open311Media.id == row["id"])


async def _settle(host: Host, id: UUID, state: str, said: str) -> None:
    async with transaction(host.engine):
        await _settled(id, state, said)


async def _settled(id: UUID, state: str, said: str) -> None:
    over: Columns = {"state": state, "said": said[:500], "due_at": None}
    await Open311Media.update(over).where(Open311Media.id == id)
