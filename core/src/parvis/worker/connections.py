"""What a connector is lent for a call: its client, what it asked to keep, the files and the request it may know."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import httpx
from msgspec import structs

from parvis import clock
from parvis.http_client import Clients
from parvis.outbox import memory
from parvis.plugins.guarding import guard_of
from parvis.requests.attached.attachments import FileHeld, content_of, kept_of
from parvis.requests.host import Host
from parvis.requests.payloads import request_for
from parvis.requests.records import Record, find
from parvis_sdk.connectors import Connection, Connector, no_content
from parvis_sdk.errors import Later, Refused
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.text import Text

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def at_hand(host: Host, connector: Connector, connection: Connection) -> Connection:
    """The same connection on the loop that runs: a plugin may have a thread, and then a client, of its own."""
    return structs.replace(connection, http=client_of(host, connector))


def client_of(host: Host, connector: Connector) -> httpx.AsyncClient:
    """The client of a connector, which speaks to the hosts that its plugin declares."""
    guard = guard_of(host.plugins.connected_by(connector.name))
    return host.of(Clients).of(connector.name, connector.pace, guard)


def from_anywhere(function: Callable[[Asked], Awaitable[Answer]]) -> Callable[[Asked], Awaitable[Answer]]:
    """The same function, which runs on this loop whichever loop calls it: the database is spoken to from here."""
    home = asyncio.get_running_loop()

    async def call(asked: Asked) -> Answer:
        if asyncio.get_running_loop() is home:
            return await function(asked)
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(_awaited(function(asked)), home))

    return call


async def _awaited(answer: Awaitable[Answer]) -> Answer:
    return await answer


async def connection_for(
    host: Host, connector: Connector, record: Record | None = None, request: ServiceRequest | None = None
) -> Connection:
    """The connection for one delivery about a request, or for a question about none."""
    readable = record is not None and request is not None and request.attachments
    return Connection(
        http=client_of(host, connector),
        now=clock.now(),
        content=from_anywhere(_reading(host, record, request)) if readable and record and request else no_content,
        remembered=await memory.recall_all(connector.name),
        recall=from_anywhere(_recalling(connector)),
        request=from_anywhere(_knowing(host, connector)),
    )


def _recalling(connector: Connector) -> Callable[[str], Awaitable[Mapping[str, Any]]]:
    async def recall(reference: str) -> Mapping[str, Any]:
        return await memory.recall_all(connector.name, reference=reference) if reference else {}

    return recall


def _knowing(host: Host, connector: Connector) -> Callable[[str], Awaitable[ServiceRequest | None]]:
    """What answers how a request stands, where it is any business of the connector."""
    plugin = host.plugins.connected_by(connector.name)

    async def request(reference: str) -> ServiceRequest | None:
        record = await find(host, reference)
        if record is None or record.erased_at is not None or not connector.serves(record.type, record.jurisdiction):
            return None
        town = host.jurisdictions.get(record.jurisdiction)
        if town is None or plugin is None or not town.allows_plugin(plugin.name):
            return None
        return await request_for(host, record, connector.needs, remembered_by=connector.name)

    return request


def _reading(host: Host, record: Record, request: ServiceRequest) -> Callable[[str], Awaitable[bytes]]:
    """What reads the files that the connector was told of, and no others."""
    allowed = {file.id for file in request.attachments}

    async def content(id: str) -> bytes:
        found = {file.attachment.id: file for file in await kept_of(record)} if id in allowed else {}
        if id not in found:
            raise Refused(
                Text(
                    fr=f"il n’y a pas de fichier {id!r} que ce connecteur puisse lire",
                    en=f"there is no file {id!r} that this connector may read",
                )
            )
        try:
            opened = await content_of(host, found[id])
        except FileHeld as error:
            raise Later(
                Text(fr=f"le fichier {id} n’a pas encore été analysé", en=f"the file {id} has not been scanned yet"),
                only_this=True,
            ) from error
        except FileNotFoundError as error:
            raise Refused(Text(fr=f"le fichier {id} n’existe plus", en=f"the file {id} no longer exists")) from error
        with opened:
            return await asyncio.to_thread(opened.read)

    return content
