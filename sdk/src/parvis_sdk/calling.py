"""Calling another system: its answer, or `Later` when it is away, busy or in trouble.

answer = await called(connection.http, "GET", "https://erp.example.org/orders", now=connection.now)
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from parvis_sdk.errors import Later
from parvis_sdk.text import Text

BUSY = {408, 425, 429}
_HERE = ("127.0.0.1", "localhost", "::1")
_PART = re.compile(r"[^\s\x00-\x20\x7f]{1,63}")  # of a name, or the whole of an IPv6 address


def is_address(url: str, *, safe: bool = False) -> bool:
    """Whether it is a valid http or https URL; with `safe`, only https, except on this machine.

    >>> is_address("https://erp.ville.example"), is_address("https://erp.ville.example:84430"), is_address("erp")
    (True, False, False)
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    is_known = parts.scheme == "https" or (parts.scheme == "http" and (not safe or parts.hostname in _HERE))
    host = (parts.hostname or "").removesuffix(".")
    return is_known and port != 0 and len(host) <= 253 and all(_PART.fullmatch(each) for each in host.split("."))


async def called(http: httpx.AsyncClient, method: str, url: str, *, now: datetime, **sent: Any) -> httpx.Response:
    """The answer of the other system, whatever its status; `Later` if there is none, or if it asks for another try."""
    try:
        answer = await http.request(method, url, **sent)
    except httpx.TimeoutException as error:
        raise Later(
            Text(
                fr=f"pas de réponse à temps ({type(error).__name__})", en=f"no answer in time ({type(error).__name__})"
            )
        ) from error
    except httpx.TransportError as error:
        raise Later(
            Text(
                fr=f"impossible à joindre\u00a0: {str(error) or type(error).__name__}",
                en=f"it cannot be reached: {str(error) or type(error).__name__}",
            )
        ) from error
    if answer.status_code in BUSY or answer.status_code >= 500:
        raise Later(
            Text(
                fr=f"le système demande d’attendre (HTTP {answer.status_code})",
                en=f"it asks to wait (HTTP {answer.status_code})",
            ),
            retry_after=wait_of(answer, now),
        )
    return answer


def wait_of(answer: httpx.Response, now: datetime) -> timedelta | None:
    """How long an answer asks to wait, by its `Retry-After`: seconds, or a date."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return timedelta(seconds=int(said)) if len(said) < 7 else None
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(timedelta(0), (at if at.tzinfo else at.replace(tzinfo=UTC)) - now)
