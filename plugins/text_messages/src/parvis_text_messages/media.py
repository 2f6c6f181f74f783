"""Photos of text messages: fetched from the gateway's hosts alone, never from inside a network, judged as uploads."""

import asyncio
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import httpx
import msgspec

from parvis.db import transaction
from parvis.db.tables import Row
from parvis.http_client import Clients, PluginGuard, client_over, wire_for
from parvis.requests.attached.attachments import kept_waiting
from parvis.requests.attached.receiving import receive_file
from parvis.requests.host import Host
from parvis_sdk.connectors import Pace
from parvis_sdk.errors import Later, Refused
from parvis_sdk.problems import Problem
from parvis_sdk.text import Text
from parvis_text_messages.filing import ArrivedText, arrived
from parvis_text_messages.personal import holder_of
from parvis_text_messages.providers import hosts_of
from parvis_text_messages.settings import NAME, Settings
from parvis_text_messages.tables import IncomingText

MOST_HOPS = 3
NOT_FETCHED = Text(fr="Une photo n’a pas pu être obtenue\u00a0: {why}", en="A photo could not be retrieved: {why}")
NOT_KEPT = Text(fr="Photo refusée\u00a0: {reason}", en="Photo rejected: {reason}")


class NotFetched(Exception):
    """Why a photo is missing, for the reader of the message."""


async def fetch_media(host: Host, id: UUID) -> None:
    """Fetch the photos of a message that has arrived, each once; what cannot be had or kept is said beside its words.

    `Later` where the gateway is away: they are fetched again with the next pass.
    """
    text = await arrived(id)
    if text is None or not text.media:
        return
    settings, holder = host.of(Settings), holder_of(text.key)
    before = {kept.field for kept in await kept_waiting(holder)}
    left_out = list(text.left_out)
    guard = PluginGuard(plugin=NAME, hosts=hosts_of(settings), secrets=(settings.secret,))
    pace = Pace(seconds=settings.seconds, at_once=2)
    async with client_over(wire_for(host.of(Clients).outgoing, pace), pace, guard) as client:
        for number, url in enumerate(text.media):
            field = f"text-{number}"
            if field in before:
                continue
            try:
                content = await _content(client, settings, url)
            except (NotFetched, Refused, ValueError, httpx.InvalidURL) as error:  # the last two: no address at all
                left_out.append(NOT_FETCHED.format(why=str(error)))
                continue
            made = await receive_file(host, holder, field, f"photo-{number + 1}", content)
            if isinstance(made, Problem):
                left_out.append(NOT_KEPT.format(reason=made.message))
    await _fetched(host, text, left_out)


async def _content(client: httpx.AsyncClient, settings: Settings, url: str) -> bytes:
    """What stands at an address of the gateway; our name is told to its own host and to none that it sends us on to."""
    own = _origin(url)
    for _ in range(MOST_HOPS):
        if urlsplit(url).scheme not in ("https", "http"):
            raise NotFetched("no address of the web")
        known = bool(settings.account) and _origin(url) == own
        auth = httpx.BasicAuth(settings.account, settings.secret) if known else None
        try:
            answer = await client.get(url, auth=auth) if auth else await client.get(url)
        except (httpx.TransportError, TimeoutError) as error:
            raise Later(f"a photo cannot be fetched: {type(error).__name__}") from error
        if answer.status_code in (429, 500, 502, 503, 504):
            raise Later(f"a photo cannot be fetched: HTTP {answer.status_code}")
        if not answer.has_redirect_location:
            break
        url = urljoin(url, answer.headers["location"])
    if answer.status_code != 200:
        raise NotFetched(f"HTTP {answer.status_code}")
    return await asyncio.to_thread(lambda: answer.content)


def _origin(url: str) -> tuple[str, str]:
    """The scheme too: what was asked for over TLS is not told our name and secret without it."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


async def _fetched(host: Host, text: ArrivedText, left_out: list[Text]) -> None:
    done: Row = {
        IncomingText.media: "[]",
        IncomingText.left_out: msgspec.json.encode(left_out).decode(),
    }
    async with transaction(host.engine):
        await IncomingText.update(done).where((IncomingText.id == text.id) & (IncomingText.state == "arrived"))


async def give_up_media(host: Host, id: UUID, why: str) -> None:
    """The gateway has been away for too long: the words go on without the photos."""
    text = await arrived(id)
    if text is not None and text.media:
        await _fetched(host, text, [*text.left_out, NOT_FETCHED.format(why=why)])
