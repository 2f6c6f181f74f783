"""Reads the requests of an Open311 server: window after window of its dates, page after page, each request once.

They are stored in a folder, so that an interrupted run resumes at its window. A server may do as it likes with pages,
dates and totals: requests that may be missing are reported, never passed over.
"""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import IO, Any, Self
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
ROWS_AGAIN, STATE_AGAIN = "requests-{number}.jsonl", "again.json"  # until all of it came a second time
SPAN = timedelta(days=89)  # a server may refuse more than ninety days
SHORTEST = timedelta(minutes=1)  # a window that is cut no further
PAGE = 1000
MOST_PAGES = 10_000
FEWEST = 5  # requests: no server shows fewer at once where it has more
OVERLAP = timedelta(seconds=1)  # of windows: some servers leave out both of the moments that they are given
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
    """How far the gathering of an endpoint has come: until when, in which file, and how many bytes of it are whole."""

    endpoint: Endpoint
    file: str = ROWS
    until: datetime
    done_until: datetime
    size: int = 0
    is_whole: bool = False
    told: list[Text] = []


class Shown(Struct, kw_only=True):
    """What a window held, and what is to be known of it."""

    rows: dict[str, Said]
    told: list[Text]
    is_cut: bool = False  # it shows no next page, though its last one was full


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

    async def page(self, since: datetime, until: datetime, number: int) -> Answer | None:
        """One page of a window; None where the server shows no page of that number."""
        asked = {"start_date": _written(since - OVERLAP), "end_date": _written(until)}
        more = {"page": str(number), "page_size": str(PAGE), "extensions": "true"}
        if self.is_plain:
            return None if number > 1 else await self._heard("requests", asked)
        try:
            return await self._heard("requests", asked | more)
        except BadRequest:
            if number > 1:
                return None
            self.is_plain = True
            return await self.page(since, until, number)
        except NotThere:
            if number > 1:
                return None
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
    """The folder of what was gathered: whole windows, and how far they reach. One command at a time has it.

    Gathered once more, everything goes into a new file beside the former one, which stays until then.
    """

    def __init__(self, folder: Path, endpoint: Endpoint, *, is_anew: bool = False) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = self._alone()
        try:
            self._open(endpoint, is_anew=is_anew)
        except BaseException:
            self._lock.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._lock.close()

    def _alone(self) -> IO[bytes]:
        lock = (self.folder / ".lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise refused(
                "une autre commande écrit dans {folder}\u00a0: attendez qu’elle finisse, ou nommez un autre dossier",
                "another command writes to {folder}: wait until it is done, or name another folder",
                folder=self.folder,
            ) from None
        return lock

    def _open(self, endpoint: Endpoint, *, is_anew: bool) -> None:
        self._place = self.folder / STATE
        there = self._read(endpoint)
        if there is not None and there.is_whole and is_anew:
            self._place, before = self.folder / STATE_AGAIN, there
            there = self._read(endpoint) or self._begun(endpoint, file=self._free_beside(before.file))
        self.state = there or self._begun(endpoint)
        self.rows = self.folder / self.state.file
        with self.rows.open("ab") as file:
            if file.tell() < self.state.size:
                raise self._damaged(self.rows)
            file.truncate(self.state.size)  # what a killed process wrote after its last whole window
        try:
            with self.rows.open("rb") as file:
                self.keys = {_key(msgspec.json.decode(line, type=dict[str, Any])) for line in file}
        except msgspec.MsgspecError:
            raise self._damaged(self.rows) from None

    def _begun(self, endpoint: Endpoint, file: str = ROWS) -> State:
        until = endpoint.until or clock.now()
        return State(endpoint=endpoint, until=until, done_until=endpoint.since, file=file)

    def _free_beside(self, taken: str) -> str:
        return next(name for each in count(2) if (name := ROWS_AGAIN.format(number=each)) != taken)

    def _read(self, endpoint: Endpoint) -> State | None:
        try:
            there = msgspec.json.decode(self._place.read_bytes(), type=State)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError:
            raise self._damaged(self._place) from None
        if there.endpoint != endpoint or Path(there.file).name != there.file:
            raise refused(
                "{folder} contient les requêtes de {url}, ou d’autres dates\u00a0: nommez un autre dossier",
                "{folder} holds the requests of {url}, or of other dates: name another folder",
                folder=self.folder,
                url=there.endpoint.url,
            )
        return there

    def _damaged(self, file: Path) -> Refusal:
        return refused(
            "{file} est abîmé\u00a0: supprimez ce dossier", "{file} is damaged: delete its folder", file=file
        )

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
        part = self._place.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(self.state))
        part.replace(self._place)
        if self.state.is_whole:
            self._stand()
        return len(new)

    def _stand(self) -> None:
        """The new file, now whole, replaces the former one."""
        whole = self.folder / STATE
        if self._place != whole:
            self._place.replace(whole)
            self._place = whole
        for each in self.folder.glob(f"{Path(ROWS).stem}*{Path(ROWS).suffix}"):
            if each != self.rows:
                each.unlink()

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
            row["media_url"] = "\n".join(map(self._joined, media.splitlines()))
        return row

    def _joined(self, address: str) -> str:
        try:
            return urljoin(f"{self.state.endpoint.url}/", address)
        except ValueError:  # it is told with its row that no file lies there
            return address


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
    """All pages of a window, or of its halves where the server may hold more of it than it shows."""
    shown = await _pages(server, since, until)
    number = len(shown.rows)
    if not shown.is_cut or number < FEWEST:
        return shown
    here = {**_days(since, until), "number": number}
    if until - since <= SHORTEST:
        shown.told.append(CAPPED.format(**here))
        return shown
    middle = since + (until - since) / 2
    halves = [await _pages(server, since, middle), await _pages(server, middle, until)]
    if all(half.rows.keys() == shown.rows.keys() for half in halves):  # it heeds dates no more than pages
        shown.told.append(CAPPED.format(**here))
        return shown
    if all(len(half.rows) < number and half.rows.keys() <= shown.rows.keys() for half in halves):
        return shown  # no part of it shows anything more, nor as many: this was all
    halves = [await _window(server, since, middle), await _window(server, middle, until)]
    rows = shown.rows | halves[0].rows | halves[1].rows
    return Shown(rows=rows, told=[each for half in halves for each in half.told])


async def _pages(server: Server, since: datetime, until: datetime) -> Shown:
    shown, total, sizes = Shown(rows={}, told=[]), None, list[int]()
    here = _days(since, until)
    for number in range(1, MOST_PAGES + 1):
        answer = await server.page(since, until, number)
        said = answer.requests if answer else ()
        new = {key: one for one in said if (key := _key(one)) not in shown.rows}
        shown.rows |= new
        total = answer.total if answer and number == 1 else total
        if not new:
            # A page once more, or none after a full one; or nothing after as many as a server may hold ready at most.
            is_full = bool(sizes) and (sizes[-1] >= sizes[0] if answer is None else sum(sizes) % PAGE == 0)
            shown.is_cut = bool(said) or is_full
            break
        sizes.append(len(said))
    else:
        shown.told.append(ENDLESS.format(**here, number=len(shown.rows)))
    strays = sum(_is_elsewhere(each, since, until) for each in shown.rows.values())
    if strays and server.heeds_dates:
        server.heeds_dates = False  # told once
        shown.told.append(DATES_IGNORED.format(**here, number=strays))
    if total is not None and total != len(shown.rows):
        shown.told.append(OTHER_TOTAL.format(**here, total=total, number=len(shown.rows)))
    return shown


async def _numbered(server: Server, shown: Shown) -> None:
    """A request with a token gets only its number, where the server knows one."""
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
