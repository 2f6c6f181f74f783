"""Calling another system over HTTP: under our name, with limits on time and on what is read, without redirects."""

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from msgspec import Struct

from parvis import __version__, clock
from parvis_sdk.errors import Later
from parvis_sdk.text import Text

MOST_READ = 64_000
LONGEST_WAIT = timedelta(days=1)
IN_TIME = Text(fr="pas de réponse à temps ({error})", en="no answer in time ({error})")
AWAY = Text(fr="impossible à joindre\u00a0: {error}", en="it cannot be reached: {error}")


class NoAnswer(Later):
    """The other side was reached and has not answered: it may have done what it was asked."""


class Answer(Struct, frozen=True, kw_only=True):
    """What came back; of a long body only its beginning."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def retry_after(self) -> timedelta | None:
        """How long the other side asks to be left alone, said in seconds or as a date."""
        said = self.headers.get("retry-after", "").strip()
        if said.isdecimal() and len(said) < 9:
            return min(timedelta(seconds=int(said)), LONGEST_WAIT)
        try:
            at = parsedate_to_datetime(said)
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(timedelta(0), min(at - clock.now(), LONGEST_WAIT))


def client(seconds: float, **options: Any) -> httpx.AsyncClient:
    """A client for a few calls: each step of one is given `seconds`, and nothing of the environment is believed."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(seconds, connect=min(seconds, 5.0)),
        limits=httpx.Limits(max_connections=4, max_keepalive_connections=0),
        headers={"user-agent": f"Parvis/{__version__}"},
        follow_redirects=False,
        trust_env=False,
        **options,
    )


async def call(using: httpx.AsyncClient, method: str, url: str, **sent: Any) -> Answer:
    """One call; `Later` when the other side cannot be reached, hangs up or does not answer in time."""
    try:
        async with using.stream(method, url, **sent) as response:
            body = b""
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) >= MOST_READ:
                    break
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(status=response.status_code, body=body[:MOST_READ], headers=headers)
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Later(IN_TIME.format(error=type(error).__name__)) from error
    except httpx.ConnectError as error:
        raise Later(AWAY.format(error=str(error) or type(error).__name__)) from error
    except httpx.TimeoutException as error:
        raise NoAnswer(IN_TIME.format(error=type(error).__name__)) from error
    except httpx.TransportError as error:
        raise NoAnswer(AWAY.format(error=str(error) or type(error).__name__)) from error
