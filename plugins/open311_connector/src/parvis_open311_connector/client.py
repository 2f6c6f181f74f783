"""GeoReport v2 as a client speaks it, and nothing of it anywhere else: reading, filing, tokens, updates."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from parvis_open311_connector.reading import Row, id_of, rows_in, text_of
from parvis_open311_connector.settings import Neighbour
from parvis_sdk.calling import called
from parvis_sdk.connectors import Connection
from parvis_sdk.errors import Later, Refused
from parvis_sdk.text import Text

Part = tuple[str, tuple[str, bytes, str]]
LONGEST = 300
NOT_LET = Text(
    fr="{title} refuse l’accès (HTTP {status})\u00a0: {why}",
    en="{title} denies access (HTTP {status}): {why}",
)
ELSEWHERE = Text(
    fr="{title} redirige vers une autre adresse (HTTP {status})\u00a0: corrigez `url` si c’est voulu",
    en="{title} redirects to another address (HTTP {status}): correct `url` if this is intended",
)
SAYS_NO = Text(fr="{title} refuse ({code})\u00a0: {why}", en="{title} refuses ({code}): {why}")
TROUBLE = Text(fr="{title} signale un problème ({code})\u00a0: {why}", en="{title} reports a problem ({code}): {why}")
NO_REASON = Text(fr="aucune raison donnée", en="no reason given")
NO_ANSWER = Text(fr="{title} ne donne ni numéro ni jeton", en="{title} gives neither a number nor a token")


class Rejected(Refused):
    """The other one said no to what was sent: its `code`, and in `why` its own words."""

    def __init__(self, title: Text, code: str, why: str) -> None:
        self.code, self.why = code, why
        super().__init__(SAYS_NO.format(title=title, code=code, why=why or NO_REASON))


class GeoReport:
    """Their endpoint for one call of the host."""

    def __init__(self, neighbour: Neighbour, key: str, connection: Connection) -> None:
        self.neighbour, self.key = neighbour, key
        self.http, self.now = connection.http, connection.now

    async def services(self) -> list[Row]:
        """What can be asked there."""
        return await self._read("services")

    async def definition(self, code: str) -> list[Row]:
        """The questions of one service."""
        said = await self._read(f"services/{quote(code, safe='')}")
        attributes = said[0].get("attributes") if said else None
        return [each for each in attributes or () if isinstance(each, dict)] if isinstance(attributes, list) else []

    async def requests(self, **asked: str) -> list[Row]:
        """Requests by the arguments of the standard."""
        more = {"extensions": "true"} if self.neighbour.extensions else {}
        return await self._read("requests", **more, **asked)

    async def request(self, id: str) -> Row | None:
        """One request, or None where it is not shown."""
        return await self._one(f"requests/{quote(id, safe='')}")

    async def token(self, token: str) -> Row | None:
        """The number that a token stands for, if they know the token."""
        return await self._one(f"tokens/{quote(token, safe='')}")

    async def file(self, fields: Mapping[str, Any], parts: Sequence[Part] = ()) -> Row:
        """A report; the row with its number or its token. Raises `Rejected` with their reason."""
        return await self._sent("requests", fields, parts)

    async def update(self, fields: Mapping[str, Any]) -> Row:
        """An update about a request of theirs."""
        return await self._sent("servicerequestupdates", fields)

    async def updates(self, **asked: str) -> list[Row]:
        """What was said of any of their requests between two moments."""
        return await self._read("servicerequestupdates", **asked)

    async def _one(self, path: str) -> Row | None:
        try:
            return next(iter(await self._read(path)), None)
        except NotShown:
            return None

    async def _read(self, path: str, **asked: str) -> list[Row]:
        answer = await self._answer("GET", path, params=self._town() | asked)
        return self._rows(answer)

    async def _sent(self, path: str, fields: Mapping[str, Any], parts: Sequence[Part] = ()) -> Row:
        form = {**self._town(), "api_key": self.key, **fields}
        more: dict[str, Any] = {"files": list(parts)} if parts else {}
        answer = await self._answer("POST", path, data=form, **more)
        return next(iter(self._rows(answer)), {})

    def _town(self) -> dict[str, str]:
        return {"jurisdiction_id": self.neighbour.jurisdiction_id} if self.neighbour.jurisdiction_id else {}

    async def _answer(self, method: str, path: str, **sent: Any) -> httpx.Response:
        url = f"{self.neighbour.url.rstrip('/')}/{path}.{self.neighbour.format}"
        answer = await called(self.http, method, url, now=self.now, **sent)
        title, status = self.neighbour.title, answer.status_code
        if status in (401, 403) and not (method == "GET" and "/" in path):
            raise Later(NOT_LET.format(title=title, status=status, why=self._why(answer)[1] or NO_REASON))
        if method == "GET" and status in (401, 403, 404, 410):
            raise NotShown(title, str(status), self._why(answer)[1])
        if status >= 400:
            raise Rejected(title, *self._why(answer))
        if status >= 300:
            raise Later(ELSEWHERE.format(title=title, status=status))
        return answer

    def _rows(self, answer: httpx.Response) -> list[Row]:
        """The records of an answer; an error inside one that counts as success is an error all the same."""
        rows = rows_in(answer.content)
        wrong = [each for each in rows if _is_error(each)]
        if not wrong:
            return rows
        code, why = _reason(wrong)
        if code.startswith("5") or not code:
            raise Later(TROUBLE.format(title=self.neighbour.title, code=code or "?", why=why or NO_REASON))
        raise Rejected(self.neighbour.title, code, why)

    def _why(self, answer: httpx.Response) -> tuple[str, str]:
        """The code and the words of an error, whatever it came as."""
        try:
            wrong = [each for each in rows_in(answer.content) if "description" in each or "code" in each]
        except Later:
            wrong = []
        code, why = _reason(wrong)
        return code or str(answer.status_code), why


class NotShown(Rejected):
    """What was asked for is not there, or not for us to see."""


def number_or_token(neighbour: Neighbour, row: Row) -> tuple[str, str]:
    """The number of a report, or else its token; raises `Later` where there is neither."""
    number = id_of(row)
    token = "" if number else id_of(row, "token")
    if not number and not token:
        raise Later(NO_ANSWER.format(title=neighbour.title))
    return number, token


def _is_error(row: Row) -> bool:
    if "error" in row and "service_request_id" not in row:
        return True
    known = ("service_request_id", "token", "service_code", "service_name", "update_id", "account_id", "attributes")
    return "code" in row and ("description" in row or "message" in row) and not any(name in row for name in known)


def _reason(rows: Sequence[Row]) -> tuple[str, str]:
    words = "; ".join(
        filter(None, (text_of(each, "description", LONGEST) or text_of(each, "message", LONGEST) for each in rows))
    )
    return next(filter(None, (text_of(each, "code", 20) for each in rows)), ""), words[:LONGEST]
