"""Gathering the requests of an Open311 server: window after window of its dates, page after page, each request once.

What was gathered lies in a folder, so that whoever is stopped or killed goes on with the window in which that was. A
server may do as it likes with pages, dates and totals: what then may be missing is told, and never passed over.
"""

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import httpx
import msgspec
from msgspec import Struct

from parvis import clock
from parvis_migration.dates import read_moment
from parvis_migration.georeport import Answer, Said, answer_in, row_of
from parvis_migration.refusals import Refusal, refused
from parvis_migration.rows import Row
from parvis_migration.sources import OPEN311, Source, as_text, of_objects
from parvis_sdk.calling import called
from parvis_sdk.errors import Later
from parvis_sdk.text import Text

ROWS, STATE = "requests.jsonl", "gathered.json"
SPAN = timedelta(days=89)  # a server may refuse more than ninety days
SHORTEST = timedelta(minutes=1)  # a window that is cut no further
PAGE = 1000
MOST_PAGES = 10_000
USUAL_CAPS = 50  # of which most servers show a multiple at most
TRIES, LONGEST_WAIT = 4, 120.0  # seconds
SUFFIXES = ("json", "xml")
Tell = Callable[[Text], None]
Pause = Callable[[float], Awaitable[None]]

GATHERED = Text(fr="{since} au {until}\u00a0: {number} requêtes", en="{since} to {until}: {number} requests")
CAPPED = Text(
    fr="du {since} au {until}, le serveur montre {number} requêtes, sans page suivante\u00a0: il peut en manquer",
    en="from {since} to {until} the server shows {number} requests only, and no next page: some may be missing",
)
ENDLESS = Text(
    fr="du {since} au {until}, les pages ne finissent pas\u00a0: la lecture s’est arrêtée après {number} requêtes",
    en="from {since} to {until} pages do not end: reading stopped after {number} requests",
)
OTHER_TOTAL = Text(
    fr="du {since} au {until}, le serveur annonce {total} requêtes et en donne {number}",
    en="from {since} to {until} the server says {total} requests and gives {number}",
)
DATES_IGNORED = Text(
    fr="du {since} au {until}, le serveur ignore les dates\u00a0: {number} requêtes sont d’un autre moment",
    en="from {since} to {until} the server heeds no dates: {number} requests are of another time",
)
ERROR_INSIDE = Text(fr="le serveur répond par une erreur\u00a0: {why}", en="the server answers with an error: {why}")
STOPPED = Text(
    fr="le serveur ne répond plus ({why}); la même commande continue où elle s’est arrêtée, avec --keep",
    en="the server answers no more ({why}); the same command goes on where it stopped, with --keep",
)


class Endpoint(Struct, frozen=True, kw_only=True):
    """A GeoReport server, and the dates between which its requests were made; `until` is None for now."""

    url: str  # what stands before /requests.json
    since: datetime
    until: datetime | None = None
    jurisdiction_id: str = ""
    suffix: str = ""  # json or xml; whichever it answers in where nothing is said

    @property
    def digest(self) -> str:
        """The same for the same question: an import of it that was stopped goes on."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


class State(Struct, kw_only=True):
    """How far the gathering of an endpoint has come: until when, and how many bytes of rows are whole."""

    endpoint: Endpoint
    until: datetime
    done_until: datetime
    size: int = 0
    is_whole: bool = False
    told: list[Text] = []


class Shown(Struct, kw_only=True):
    """What a window held, and what is to be known of it."""

    rows: dict[str, Said]
    told: list[Text]
    is_repeated: bool = False  # its second page was the first once more


def endpoint_at(
    address: str, *, since: datetime | None, until: datetime | None, jurisdiction_id: str, suffix: str
) -> Endpoint:
    """An address as people give it: of the server, or of its list of requests."""
    if since is None:
        raise refused("dites depuis quand\u00a0: --since 2016-01-01", "say since when: --since 2016-01-01")
    url = address.partition("?")[0].rstrip("/")
    for each in SUFFIXES:
        if url.endswith(f"/requests.{each}"):
            url, suffix = url.removesuffix(f"/requests.{each}"), suffix or each
    return Endpoint(url=url, since=since, until=until, jurisdiction_id=jurisdiction_id, suffix=suffix)


class Server:
    """One endpoint with how it likes to be asked, found out by asking it."""

    def __init__(self, http: httpx.AsyncClient, endpoint: Endpoint, pause: Pause = asyncio.sleep) -> None:
        self.http, self.endpoint, self.pause = http, endpoint, pause
        self.suffix = endpoint.suffix
        self.is_plain = False  # it refuses arguments that the standard does not have
        self.heeds_dates = True

    async def page(self, since: datetime, until: datetime, number: int) -> Answer:
        """One page of a window."""
        asked = {"start_date": _written(since), "end_date": _written(until)}
        more = {"page": str(number), "page_size": str(PAGE), "extensions": "true"}
        if self.is_plain:
            return Answer(requests=()) if number > 1 else await self._heard("requests", asked)
        try:
            return await self._heard("requests", asked | more)
        except BadRequest:
            if number > 1:
                return Answer(requests=())
            self.is_plain = True
            return await self.page(since, until, number)
        except NotThere:
            if number > 1:  # so some say that there is no such page
                return Answer(requests=())
            raise

    async def number_of(self, token: str) -> str:
        """The number that a token stands for; empty where the server does not say it."""
        try:
            answer = await self._heard(f"tokens/{quote(token, safe='')}", {})
        except Refusal:
            return ""
        return next((as_text(each.get("service_request_id")) for each in answer.requests), "")

    async def _heard(self, path: str, asked: dict[str, str]) -> Answer:
        """What it answers in the format that it speaks."""
        if self.suffix:
            return await self._tried(path, self.suffix, asked)
        for suffix in SUFFIXES[:-1]:
            try:
                answer = await self._tried(path, suffix, asked, tries=2)
                self.suffix = suffix
                return answer
            except BadRequest:
                raise
            except Refusal:
                continue
        answer = await self._tried(path, SUFFIXES[-1], asked)
        self.suffix = SUFFIXES[-1]
        return answer

    async def _tried(self, path: str, suffix: str, asked: dict[str, str], tries: int = TRIES) -> Answer:
        """One call, made again where the server is busy, away or breaks off."""
        for left in range(tries - 1, -1, -1):
            try:
                return await self._called(path, suffix, asked)
            except Later as error:
                if not left:
                    raise Refusal(STOPPED.format(why=error.words)) from None
                wait = error.retry_after.total_seconds() if error.retry_after else 2.0 ** (tries - 1 - left)
                await self.pause(min(wait, LONGEST_WAIT))
        raise AssertionError

    async def _called(self, path: str, suffix: str, asked: dict[str, str]) -> Answer:
        url, town = f"{self.endpoint.url}/{path}.{suffix}", self.endpoint.jurisdiction_id
        params = asked | ({"jurisdiction_id": town} if town else {})
        answer = await called(self.http, "GET", url, now=clock.now(), params=params)
        if answer.is_redirect:
            raise refused(
                "le serveur renvoie à {to}\u00a0: donnez cette adresse",
                "the server leads to {to}: give that address",
                to=answer.headers.get("location", "?")[:300],
            )
        if answer.is_success:
            heard = answer_in(answer.content, answer.headers)
            if heard.errors:
                raise Refusal(ERROR_INSIDE.format(why="; ".join(heard.errors)[:300]))
            return heard
        why = _why(answer)
        if answer.status_code == httpx.codes.BAD_REQUEST:
            raise BadRequest(ERROR_INSIDE.format(why=why))
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise NotThere(ERROR_INSIDE.format(why=why))
        raise Refusal(ERROR_INSIDE.format(why=why))


class BadRequest(Refusal):
    """The server does not take the question as it was put."""


class NotThere(Refusal):
    """The server has nothing at that address."""


def _why(answer: httpx.Response) -> str:
    try:
        said = "; ".join(answer_in(answer.content, {}).errors)
    except Later:
        said = ""
    return f"HTTP {answer.status_code}, {said}"[:300] if said else f"HTTP {answer.status_code}"


class Gathered:
    """The folder of what was gathered: whole windows, and how far they reach."""

    def __init__(self, folder: Path, endpoint: Endpoint, *, is_anew: bool = False) -> None:
        self.rows, self._state = folder / ROWS, folder / STATE
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        there = self._read()
        if there is not None and there.endpoint != endpoint:
            raise refused(
                "{folder} contient les requêtes de {url}, ou d’autres dates\u00a0: nommez un autre dossier",
                "{folder} holds the requests of {url}, or of other dates: name another folder",
                folder=folder,
                url=there.endpoint.url,
            )
        if there is None or (is_anew and there.is_whole):
            until = endpoint.until or clock.now()
            there = State(endpoint=endpoint, until=until, done_until=endpoint.since)
        self.state = there
        with self.rows.open("ab") as file:
            file.truncate(there.size)  # what a killed process wrote after its last whole window
        with self.rows.open("rb") as file:
            self.keys = {_key(msgspec.json.decode(line)) for line in file}

    def _read(self) -> State | None:
        try:
            return msgspec.json.decode(self._state.read_bytes(), type=State)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError:
            raise refused(
                "{file} est abîmé\u00a0: supprimez ce dossier", "{file} is damaged: delete its folder", file=self._state
            ) from None

    def add(self, until: datetime, shown: Shown) -> int:
        """One more window; how many requests of it are new."""
        new = {key: said for key, said in shown.rows.items() if key not in self.keys}
        with self.rows.open("ab") as file:
            file.writelines(msgspec.json.encode(said) + b"\n" for said in new.values())
            file.flush()
            os.fsync(file.fileno())
            self.state.size = file.tell()
        self.keys |= new.keys()
        self.state.done_until, self.state.told = until, [*self.state.told, *shown.told]
        self.state.is_whole = until >= self.state.until
        part = self._state.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(self.state))
        part.replace(self._state)
        return len(new)

    def source(self) -> Source:
        """The rows, each by its place among all."""
        with self.rows.open("rb") as file:
            said = (msgspec.json.decode(line, type=dict[str, Any]) for line in file)
            rows = (self._absolute(row_of(each)) for each in said)
            source = of_objects(OPEN311, enumerate(rows, start=1), [])
        told = tuple(self.state.told)
        return msgspec.structs.replace(source, kind=f"{OPEN311} {self.state.endpoint.url}", encoding="", told=told)

    def _absolute(self, row: Row) -> Row:
        """The row with whole addresses of its files."""
        if media := row.get("media_url", ""):
            row["media_url"] = "\n".join(urljoin(f"{self.state.endpoint.url}/", each) for each in media.splitlines())
        return row


async def gather(server: Server, gathered: Gathered, tell: Tell) -> Source:
    """All requests of an endpoint; raises `Refusal` where it does not answer, with what came so far kept."""
    state = gathered.state
    while not state.is_whole:
        since, until = state.done_until, min(state.done_until + SPAN, state.until)
        shown = await _window(server, since, until)
        await _numbered(server, shown)
        number = gathered.add(until, shown)
        tell(GATHERED.format(**_days(since, until), number=number))
        for each in shown.told:
            tell(each)
    return gathered.source()


async def _window(server: Server, since: datetime, until: datetime) -> Shown:
    """All pages of a window, or of its halves where the server shows no second page of a full one."""
    shown = await _pages(server, since, until)
    if not shown.is_repeated or len(shown.rows) % USUAL_CAPS:
        return shown
    here = {**_days(since, until), "number": len(shown.rows)}
    if until - since <= SHORTEST:
        shown.told.append(CAPPED.format(**here))
        return shown
    middle = since + (until - since) / 2
    halves = [await _pages(server, since, middle), await _pages(server, middle, until)]
    if all(half.rows.keys() == shown.rows.keys() for half in halves):  # it heeds dates no more than pages
        shown.told.append(CAPPED.format(**here))
        return shown
    halves = [await _window(server, since, middle), await _window(server, middle, until)]
    rows = shown.rows | halves[0].rows | halves[1].rows
    return Shown(rows=rows, told=[each for half in halves for each in half.told])


async def _pages(server: Server, since: datetime, until: datetime) -> Shown:
    shown, total, number, ended = Shown(rows={}, told=[]), None, 0, False
    here = _days(since, until)
    for number in range(1, MOST_PAGES + 1):
        answer = await server.page(since, until, number)
        new = {key: said for said in answer.requests if (key := _key(said)) not in shown.rows}
        shown.rows |= new
        total = answer.total if number == 1 else total
        if not new:
            shown.is_repeated = bool(answer.requests) or (number == 2 and server.is_plain)
            ended = True
            break
    if not ended:
        shown.told.append(ENDLESS.format(**here, number=len(shown.rows)))
    strays = sum(_is_elsewhere(each, since, until) for each in shown.rows.values())
    if strays and server.heeds_dates:
        server.heeds_dates = False  # told once
        shown.told.append(DATES_IGNORED.format(**here, number=strays))
    if total is not None and total != len(shown.rows):
        shown.told.append(OTHER_TOTAL.format(**here, total=total, number=len(shown.rows)))
    return shown


async def _numbered(server: Server, shown: Shown) -> None:
    """What has a token only gets its number, where the server knows one by now."""
    for said in shown.rows.values():
        token = as_text(said.get("token"))
        if token and not as_text(said.get("service_request_id")):
            said["service_request_id"] = await server.number_of(token)


def _key(said: Said) -> str:
    """By what a request is known again: its number, its token, or all that is said of it."""
    for name in ("service_request_id", "token"):
        if value := as_text(said.get(name)):
            return f"{name} {value}"
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def _is_elsewhere(said: Said, since: datetime, until: datetime) -> bool:
    at = read_moment(as_text(said.get("requested_datetime")), "UTC")
    day = timedelta(days=1)  # a server without zones may mean any
    return at is not None and not since - day <= at <= until + day


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _days(since: datetime, until: datetime) -> dict[str, str]:
    return {"since": f"{since:%Y-%m-%d}", "until": f"{until:%Y-%m-%d}"}
