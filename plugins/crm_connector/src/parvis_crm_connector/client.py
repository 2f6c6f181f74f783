"""Dataverse’s Web API, and nothing of it anywhere else: OData 4 with alternate keys, ETags and actions."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import httpx
from msgspec import Struct

from parvis_sdk.connectors import UNLOGGED, Connection
from parvis_sdk.errors import Later, Refused, must_fit
from parvis_sdk.oauth import ClientCredentials
from parvis_sdk.text import Text

Row = dict[str, Any]
MOST_PAGES = 40
BY_ID = re.compile(r"\(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)$", re.IGNORECASE)
OF_PEOPLE = ("contacts", "annotations", "incidentresolutions")
IDS = {"contacts": "contactid", "incidents": "incidentid"}
HEADERS = {"accept": "application/json", "odata-version": "4.0", "odata-maxversion": "4.0"}


class RecordConflict(Later):
    """Somebody else changed the record since we read it."""


class NoSuchRecord(Refused):
    """A record that was named is not there."""


class NotAllowed(Later):
    """We are known and may not do that. What waits goes out once the operator has given the right."""


class Page(Struct, frozen=True, kw_only=True):
    """Some of the rows that were asked for, and where the next ones are."""

    rows: tuple[Row, ...]
    next: str = ""


class Dataverse:
    """Their Web API for one call of the host, with the token that all calls share."""

    def __init__(self, base_url: str, access: ClientCredentials, connection: Connection) -> None:
        self.base_url, self.access = base_url.rstrip("/") + "/", access
        self.http, self.now = connection.http, connection.now

    async def who_am_i(self) -> str:
        """The user that our own writes are said to be by."""
        user = (await self._json("GET", "WhoAmI")).get("UserId")
        if not isinstance(user, str) or not user:
            raise Later(Text(fr="le système n’indique pas notre identité", en="the system does not state our identity"))
        return user.lower()

    async def read(self, path: str, select: tuple[str, ...]) -> Row | None:
        """One record, or None when it is not there."""
        try:
            return await self._json("GET", f"{path}?{_query(select=','.join(select))}", quiet=True)
        except NoSuchRecord:
            return None

    async def page(self, records: str, *, next: str = "", size: int = 0, **query: str) -> Page:
        """Records by `$filter`, `$orderby` and `$select`; from `next` on where that is given."""
        if next and not next.startswith(self.base_url):
            raise Refused(
                Text(
                    fr=f"la page suivante est ailleurs\u00a0: {next[:80]}",
                    en=f"its next page is elsewhere: {next[:80]}",
                )
            )
        wished = {"prefer": f"odata.maxpagesize={size}"} if size else {}
        path = next.removeprefix(self.base_url) if next else f"{records}?{_query(**query)}"
        said = await self._json("GET", path, quiet=True, headers=wished)
        rows = said.get("value")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Later(
                Text(
                    fr=f"la réponse au sujet de {records} n’est pas une liste",
                    en=f"its answer about {records} is no list",
                )
            )
        return Page(rows=tuple(rows), next=str(said.get("@odata.nextLink") or ""))

    async def every(self, records: str, **query: str) -> list[Row]:
        """All of them, page after page."""
        rows: list[Row] = []
        page = await self.page(records, next="", size=0, **query)
        for _ in range(MOST_PAGES):
            rows += page.rows
            if not page.next:
                return rows
            page = await self.page(records, next=page.next)
        raise Refused(
            Text(
                fr=f"il y a plus de {MOST_PAGES} pages de {records}",
                en=f"there are more than {MOST_PAGES} pages of {records}",
            )
        )

    async def make(self, path: str, values: Row) -> bool:
        """A record under a key of ours; False when it is there already."""
        try:
            await self._json("PATCH", path, values, headers={"if-none-match": "*"}, quiet=path.startswith(OF_PEOPLE))
        except RecordConflict:
            return False
        return True

    async def put(self, path: str, values: Row, etag: str = "*") -> None:
        """Values into the record with the id of this path, as it was when its `etag` was read."""
        said = await self._json("PATCH", path, values, headers={"if-match": etag}, quiet=path.startswith(OF_PEOPLE))
        records, _, id = path.rstrip(")").partition("(")
        if named := said.get(IDS.get(records, "")):
            must_fit(id.lower(), str(named).lower())

    async def remove(self, path: str) -> None:
        """A record is there no more, whether it was or not."""
        try:
            await self._json("DELETE", path)
        except NoSuchRecord:
            return

    async def close(self, case: str, words: str, status: int) -> None:
        """Resolve a case, which no change of its columns does."""
        said = {"subject": words, "incidentid@odata.bind": f"/incidents({case})"}
        await self._json("POST", "CloseIncident", {"IncidentResolution": said, "Status": status})

    async def may_write(self, records: str) -> None:
        """Raises `NotAllowed` when we may not; nothing is changed, as what is named is not there."""
        try:
            await self._json("PATCH", f"{records}({uuid4()})", {}, headers={"if-match": "*"})
        except NoSuchRecord:
            return

    async def known(self, path: str) -> None:
        """Raises `NoSuchRecord` when there is no such record."""
        await self._json("GET", path, quiet=True)

    async def metadata(self) -> bytes:
        """What it says of its tables, in XML."""
        answer = await self._answer("GET", "$metadata", quiet=True, headers={"accept": "application/xml"})
        return answer.content

    async def _json(self, method: str, path: str, values: Row | None = None, **how: Any) -> Row:
        answer = await self._answer(method, path, values, **how)
        _about(path, answer)
        if answer.status_code == 204 or (method == "DELETE" and not answer.content):
            return {}
        try:
            said = json.loads(answer.content)
        except ValueError as error:
            raise Later(Text(fr="la réponse est illisible", en="the answer cannot be read")) from error
        if not isinstance(said, dict) or "error" in said:
            raise Later(
                Text(
                    fr=f"le système répond sans faire ce qui est demandé\u00a0: {_why(answer)}",
                    en=f"it answers without doing what was asked: {_why(answer)}",
                )
            )
        return said

    async def _answer(
        self,
        method: str,
        path: str,
        values: Row | None = None,
        *,
        quiet: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        more: dict[str, Any] = {"extensions": dict(UNLOGGED)} if quiet else {}
        if values is not None:
            more["json"] = values
        answer = await self.access.called(
            self.http, method, f"{self.base_url}{path}", now=self.now, headers={**HEADERS, **(headers or {})}, **more
        )
        match answer.status_code:
            case 403:
                raise NotAllowed(
                    Text(
                        fr=f"l’accès est refusé (HTTP 403)\u00a0: {_why(answer)}",
                        en=f"access is denied (HTTP 403): {_why(answer)}",
                    )
                )
            case 404:
                raise NoSuchRecord(
                    Text(fr=f"élément introuvable\u00a0: {_why(answer)}", en=f"not found: {_why(answer)}")
                )
            case 412:
                raise RecordConflict(
                    Text(fr="quelqu’un d’autre l’a modifié entre-temps", en="somebody else changed it in the meantime"),
                    only_this=True,
                )
            case status if status >= 400:
                raise Refused(
                    Text(
                        fr=f"le système refuse (HTTP {status})\u00a0: {_why(answer)}",
                        en=f"the system refuses (HTTP {status}): {_why(answer)}",
                    )
                )
            case status if status >= 300:
                raise Later(
                    Text(
                        fr=f"le système redirige vers une autre adresse (HTTP {status})",
                        en=f"the system redirects to another address (HTTP {status})",
                    )
                )
        return answer


def _about(path: str, answer: httpx.Response) -> None:
    """Raise `Foreign` where the header of an answer names another record than the one that was asked for by its id."""
    asked, named = BY_ID.search(path.partition("?")[0]), BY_ID.search(answer.headers.get("odata-entityid", ""))
    if asked and named:
        must_fit(asked[1].lower(), named[1].lower())


def by_key(records: str, column: str, value: str) -> str:
    """The address of a record by an alternate key."""
    return f"{records}({column}={literal(value, in_path=True)})"


def literal(words: str, *, in_path: bool = False) -> str:
    """Words as OData writes them."""
    doubled = words.replace("'", "''")
    return f"'{quote(doubled, safe='')}'" if in_path else f"'{doubled}'"


def moment(at: datetime) -> str:
    """A time as OData writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(row: Row, name: str) -> datetime | None:
    """A time of a row."""
    try:
        at = datetime.fromisoformat(str(row.get(name) or ""))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _query(**query: str) -> str:
    return urlencode({f"${name}": value for name, value in query.items() if value}, quote_via=quote)


def _why(answer: httpx.Response) -> str:
    """Their reason, short enough for a line."""
    try:
        said = json.loads(answer.content)
    except ValueError:
        return "without a reason"
    error = said.get("error") if isinstance(said, dict) else None
    return str(error.get("message") or "without a reason")[:300] if isinstance(error, dict) else "without a reason"
