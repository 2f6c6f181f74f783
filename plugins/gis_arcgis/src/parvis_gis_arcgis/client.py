"""The protocol of ArcGIS over HTTP: a token in each call, renewed where it is refused; errors found inside HTTP 200."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import httpx
import msgspec

from parvis_sdk.calling import called
from parvis_sdk.errors import Later, Refused
from parvis_sdk.oauth import KeptToken, SignInRefused
from parvis_sdk.text import Text

TOKEN_TROUBLE = {498, 499}
NOT_LET_IN = {401, 403}
BUSY = {408, 425, 429}
Answer = TypeVar("Answer")
File = tuple[str, bytes, str]


class BadRequest(Refused):
    """The whole request was refused (400), which is also how ArcGIS says that it found nothing."""


class NoToken(SignInRefused):
    """The token was refused (498, 499)."""


class Client:
    """Speaks to one ArcGIS for the length of one call of the host."""

    def __init__(self, http: httpx.AsyncClient, now: datetime, access: KeptToken, referer: str) -> None:
        self.http, self.now, self.access, self.referer = http, now, access, referer

    async def ask(self, kind: type[Answer], url: str, asked: Mapping[str, Any], file: File | None = None) -> Answer:
        """What an operation answers. Lists and objects go as JSON; None is left out."""
        sent = {name: written(value) for name, value in asked.items() if value is not None}
        files = {"attachment": file} if file else None
        body = await self._answered("POST", url, data={"f": "json", **sent}, files=files)
        return read(body, kind)

    async def fetch(self, url: str) -> bytes:
        """The bytes at an address of it."""
        answer = await self._answered("GET", url)
        if answer.headers.get("content-type", "").startswith("text/html"):
            raise Later(
                Text(
                    fr="une page Web a été reçue au lieu d’un fichier",
                    en="a web page was received instead of a file",
                )
            )
        return answer.content

    async def _answered(self, method: str, url: str, **sent: Any) -> httpx.Response:
        for _ in range(2):
            token = await self.access.token(self.http, self.now)
            headers = {"referer": self.referer}
            if token and method == "GET":
                sent["params"] = {"token": token}
            elif token:
                sent["data"] = {**sent["data"], "token": token}
            answer = await called(self.http, method, url, now=self.now, headers=headers, **sent)
            try:
                look_for_error(answer)
            except NoToken as error:
                self.access.forget(token)
                refused = error
            else:
                return answer
        raise refused


def look_for_error(answer: httpx.Response) -> None:
    """Raise what the answer says, be it in its status or inside HTTP 200."""
    status = answer.status_code
    error = _error_in(answer)
    if error is None:
        if status in NOT_LET_IN:
            raise SignInRefused(
                Text(
                    fr=f"l’accès est refusé (HTTP {status})\u00a0: l’exploitant doit voir nos droits là-bas",
                    en=f"access is denied (HTTP {status}): the operator must check our rights in that system",
                )
            )
        if not 200 <= status < 300:
            raise Refused(
                Text(
                    fr=f"le système refuse (HTTP {status})\u00a0: l’adresse est-elle la bonne?",
                    en=f"the system refuses (HTTP {status}): is the address right?",
                )
            )
        return
    code, why = error
    if code in TOKEN_TROUBLE:
        raise NoToken(
            Text(
                fr=f"le système refuse notre jeton ({code} {why})\u00a0: l’exploitant doit voir l’ouverture de session",
                en=f"the system rejects our token ({code} {why}): the operator must check the sign-in",
            )
        )
    if code in NOT_LET_IN:
        raise SignInRefused(
            Text(
                fr=f"l’accès est refusé ({code} {why})\u00a0: l’exploitant doit voir nos droits là-bas",
                en=f"access is denied ({code} {why}): the operator must check our rights in that system",
            )
        )
    if code in BUSY or code >= 500 or code < 0:
        raise Later(
            Text(fr=f"le système signale un problème ({code} {why})", en=f"the system reports a problem ({code} {why})")
        )
    raise (BadRequest if code == 400 else Refused)(f"the system refuses ({code} {why})")


def _error_in(answer: httpx.Response) -> tuple[int, str] | None:
    if b'"error"' not in answer.content[:20_000]:
        return None
    try:
        told = msgspec.json.decode(answer.content)
    except msgspec.MsgspecError:
        return None
    error = told.get("error") if isinstance(told, dict) else None
    if not isinstance(error, dict):
        return None
    code, details = error.get("code"), error.get("details")
    words = [error.get("message"), *(details if isinstance(details, list) else ())]
    why = " · ".join(dict.fromkeys(str(word).strip() for word in words if word))
    return (code if isinstance(code, int) else -1), why[:300]


def read(answer: httpx.Response, kind: type[Answer]) -> Answer:
    """An answer as what it should be; a page or half an answer is a reason to come again."""
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.MsgspecError as error:
        raise Later(
            Text(fr=f"la réponse est illisible\u00a0: {error}", en=f"the answer cannot be read: {error}")
        ) from error


def written(value: Any) -> str:
    """A parameter as ArcGIS reads it in a form."""
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
