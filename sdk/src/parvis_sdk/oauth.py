"""Signing in to another system as an application: OAuth 2 client credentials, one token for everybody who calls.

access = ClientCredentials(TOKEN_URL, CLIENT_ID, secret_in(settings.client_secret, settings.client_secret_file))
answer = await access.called(connection.http, "GET", url, now=connection.now)

A plugin that declares `client_secret: str = ""` and `client_secret_file: str = ""` gets both from the variable
`PARVIS_<NAME>_CLIENT_SECRET_FILE`: the secret as it was at start, and where it may have become another one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from weakref import WeakKeyDictionary

import httpx
import msgspec
from msgspec import Meta, Struct

from parvis_sdk.calling import called
from parvis_sdk.connectors import UNLOGGED
from parvis_sdk.errors import Later
from parvis_sdk.text import Text

EARLY = timedelta(minutes=1)  # before its end a token is renewed, or after nine tenths of a short life
USUAL = 3600  # seconds, where the answer does not say how long its token lasts


class SignInRefused(Later):
    """The other system refuses our credentials. Deliveries wait until the operator corrects them."""


class KeptToken:
    """One token for everybody who calls, whatever way it is had: `renewed` gives one and until when it is used."""

    def __init__(self, renewed: "Callable[[httpx.AsyncClient, datetime], Awaitable[Good]]") -> None:
        self._ask = renewed
        self._good: Good | None = None
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def token(self, http: httpx.AsyncClient, now: datetime) -> str:
        """A valid token: the current one, or a new one; concurrent callers wait for the same renewal."""
        turn = self._turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        async with turn:
            if self._good is None or now >= self._good.until:
                self._good = await self._ask(http, now)
            return self._good.token

    def forget(self, token: str) -> None:
        """Forget this token, which was refused; a newer one stays."""
        if self._good is not None and self._good.token == token:
            self._good = None


class ClientCredentials(KeptToken):
    """The client credentials grant of OAuth 2.0, with its token. `secret` is called each time, so that it may change.

    `more` adds members to the form, such as `resource` or `audience`.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        secret: Callable[[], str],
        scope: str = "",
        more: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(self._renewed)
        self.url, self.client_id, self.secret = url, client_id, secret
        self.form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {}), **(more or {})}

    async def called(
        self,
        http: httpx.AsyncClient,
        method: str,
        url: str,
        *,
        now: datetime,
        headers: Mapping[str, str] | None = None,
        **sent: Any,
    ) -> httpx.Response:
        """The answer to a call with the token; a token refused before its end is renewed once."""
        for _ in range(2):
            token = await self.token(http, now)
            signed = {**(headers or {}), "authorization": f"Bearer {token}"}
            answer = await called(http, method, url, now=now, headers=signed, **sent)
            if answer.status_code != 401:
                return answer
            self.forget(token)
        raise SignInRefused(
            Text(
                fr="le système refuse un jeton qui vient d’être donné (HTTP 401)\u00a0: l’exploitant doit "
                "voir nos droits",
                en="it refuses a token that was just given (HTTP 401): the operator must look at our rights",
            )
        )

    async def _renewed(self, http: httpx.AsyncClient, now: datetime) -> "Good":
        form = self.form | {"client_id": self.client_id, "client_secret": self.secret()}
        answer = await called(http, "POST", self.url, now=now, data=form, extensions=dict(UNLOGGED))
        if not answer.is_success:
            raise SignInRefused(
                Text(
                    fr=f"l’ouverture de session est refusée (HTTP {answer.status_code})\u00a0: {_why(answer)}",
                    en=f"the sign-in says no (HTTP {answer.status_code}): {_why(answer)}",
                )
            )
        try:
            granted = msgspec.json.decode(answer.content, type=Granted)
            lasts = timedelta(seconds=float(granted.expires_in))
        except (msgspec.MsgspecError, ValueError, OverflowError) as error:
            raise Later(
                Text(
                    fr="la réponse de l’ouverture de session est illisible",
                    en="the answer of the sign-in cannot be read",
                )
            ) from error
        return good_for(granted.access_token, lasts, now)


class Good(Struct, frozen=True, kw_only=True):
    """A token and until when it is used."""

    token: str
    until: datetime


def good_for(token: str, lasts: timedelta, now: datetime) -> Good:
    """A token that was given now, used until shortly before its end."""
    return Good(token=token, until=now + max(lasts - EARLY, lasts * 0.9))


class Granted(Struct, frozen=True):
    """The answer of a token endpoint."""

    access_token: Annotated[str, Meta(min_length=1)]
    expires_in: float | str = USUAL


def secret_in(value: str, path: str = "") -> Callable[[], str]:
    """The secret that a file holds at that moment, or this value where no file is named or it cannot be read."""

    def secret() -> str:
        if not path:
            return value
        try:
            return Path(path).read_text(encoding="utf-8").strip() or value
        except (OSError, UnicodeDecodeError):
            return value

    return secret


def _why(answer: httpx.Response) -> str:
    """Their reason, short enough for a line; our secret is not in it."""
    try:
        told = msgspec.json.decode(answer.content)
    except msgspec.MsgspecError:
        return "without a reason"
    words = [str(told.get(name) or "") for name in ("error", "error_description")] if isinstance(told, dict) else []
    return " · ".join(word for word in words if word)[:200] or "without a reason"
