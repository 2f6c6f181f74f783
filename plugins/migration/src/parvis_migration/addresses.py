"""Files that rows name by an address of the web: fetched through the guarded exit, which reaches no network of ours."""

import asyncio
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from parvis.http_client import Clients
from parvis.requests.attached.attachments import MOST_BYTES
from parvis.requests.host import Host
from parvis_sdk.calling import is_address
from parvis_sdk.connectors import Pace
from parvis_sdk.errors import Later, Refused
from parvis_sdk.text import Text

CLIENT = "migration"  # the name by which its calls are known
PACE = Pace(seconds=60.0)
LONGEST = 60.0  # seconds for one file, also from a server that trickles it
REDIRECTS = 3
MOST_AWAY = 5  # files of one server, one after the other
LEFT_ALONE = Text(
    fr="le serveur n’a pas répondu {number} fois de suite", en="the server has not answered {number} times in a row"
)
ANSWERS = Text(fr="le serveur répond {status}", en="the server answers {status}")
NOT_OF_THE_WEB = Text(fr="ce n’est pas une adresse du web", en="this is no address of the web")
UNREADABLE = Text(fr="la réponse ne peut pas être lue", en="the answer cannot be read")
LEADS_ON = Text(fr="l’adresse renvoie trop de fois ailleurs", en="the address leads on too often")
NO_ANSWER = Text(fr="pas de réponse à temps", en="no answer in time")
AWAY = Text(fr="le serveur ne peut pas être joint ({why})", en="the server cannot be reached ({why})")
BUSY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


def client_of(host: Host) -> httpx.AsyncClient:
    """The exit through which everything of the web is read."""
    return host.of(Clients).of(CLIENT, PACE)


def name_at(address: str) -> str:
    """What a file at an address is called.

    >>> name_at("https://311.example/photos/trou%20A.jpg?size=2")
    'trou A.jpg'
    >>> name_at("https://311.example/media?id=4") == name_at("https://311.example/media?id=5")
    False
    """
    parts = urlsplit(address)
    name = unquote(parts.path.rstrip("/").rpartition("/")[2]) or "photo"
    if "." in name or not parts.query:
        return name
    return f"{name}-{sha256(address.encode('utf-8', 'replace')).hexdigest()[:8]}"


class AwayServers(dict[str, int]):
    """How often in a row each server has not answered: not every row of a run waits for it."""


async def content_at(host: Host, address: str) -> bytes:
    """What lies there, one byte more than may be taken at most; raises `Later` or `Refused` where it does not come."""
    away, server = host.of(AwayServers), urlsplit(address).netloc
    if away.get(server, 0) >= MOST_AWAY:
        raise Later(LEFT_ALONE.format(number=MOST_AWAY))
    try:
        content = await _content_at(client_of(host), address)
    except Later:
        away[server] = away.get(server, 0) + 1
        raise
    away.pop(server, None)
    return content


async def _content_at(client: httpx.AsyncClient, address: str) -> bytes:
    for _ in range(REDIRECTS + 1):
        if not is_address(address):
            raise Refused(NOT_OF_THE_WEB)
        try:
            async with asyncio.timeout(LONGEST), client.stream("GET", address) as answer:
                if answer.has_redirect_location:
                    address = urljoin(address, answer.headers["location"])
                    continue
                if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code in BUSY:
                    raise Later(ANSWERS.format(status=answer.status_code))
                if answer.status_code != HTTPStatus.OK:
                    raise Refused(ANSWERS.format(status=answer.status_code))
                return await _read(answer)
        except (httpx.DecodingError, httpx.InvalidURL, ValueError) as error:
            raise Refused(UNREADABLE) from error
        except TimeoutError as error:
            raise Later(NO_ANSWER) from error
        except httpx.TransportError as error:
            raise Later(AWAY.format(why=str(error) or type(error).__name__)) from error
    raise Refused(LEADS_ON)


async def _read(answer: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            break
    return bytes(content[: MOST_BYTES + 1])
