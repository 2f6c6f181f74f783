"""A report that goes there: once, found again by our reference before it is sent, and what they say of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from parvis_open311_connector.client import GeoReport, NotShown, Part, Rejected, number_or_token
from parvis_open311_connector.mapping import FILED, OVER, Held, bears, is_of_same, mark_of, report_of
from parvis_open311_connector.reading import Row, id_of, moment_of, text_of
from parvis_open311_connector.settings import Neighbour, Service
from parvis_sdk.connectors import Connection
from parvis_sdk.errors import Later, Refused
from parvis_sdk.events import Event, Resent
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.tasks import Task, TaskOver
from parvis_sdk.text import Text

PAGES, PAGE = 5, 200  # of what is looked through for a report of ours
SKEW = timedelta(hours=1)  # around a period that is asked for
CLOCKS = timedelta(minutes=10)  # by which their clock may be behind ours
LONGEST_PERIOD = timedelta(days=89)
SCANNED_WITHIN = timedelta(hours=1)
REFUSED = "refused"
FILE_BY_HAND = "file-there"
MADE = Text(
    fr="{title} a reçu la requête sous le numéro {number}.", en="{title} received the request under number {number}."
)
WAITS = Text(
    fr="{title} a reçu la requête. Son numéro viendra plus tard.",
    en="{title} received the request. Its number will come later.",
)
NEVER = Text(
    fr="{title} a reçu la requête. Ce service ne donne pas de numéro.",
    en="{title} received the request. This service does not give numbers.",
)
NOTICE = Text(fr="{title} écrit\u00a0: {words}", en="{title} writes: {words}")
SAID_NO = Text(fr="{title} a refusé la requête ({code})\u00a0: {why}", en="{title} refused the request ({code}): {why}")
BY_HAND = Text(fr="Joindre autrement\u00a0: {title}", en="Contact another way: {title}")
NO_PLACE = Text(
    fr="la requête n’a ni point ni adresse, et {title} exige l’un des deux",
    en="the request has neither a point nor an address, and {title} requires one",
)
SCANNING = Text(fr="une photo n’est pas encore analysée", en="a photo has not been scanned yet")


async def file_there(
    there: GeoReport,
    neighbour: Neighbour,
    service: Service,
    event: Event,
    request: ServiceRequest,
    connection: Connection,
    round: int = 1,
) -> Outcome | None:
    """File a request there, unless it is there already; a refusal of theirs is for the people of the desk."""
    fields = report_of(neighbour, service, request, round)
    if not {"lat", "address_string", "address_id"} & fields.keys():
        return _refused(neighbour, request, "400", NO_PLACE.format(title=neighbour.title), "no place")
    mark = mark_of(request.reference, round)
    found = await found_there(there, neighbour, fields, first_try(event, request), mark) if neighbour.look else None
    if found is not None:
        return _filed(neighbour, service, connection.now, round, found, id_of(found), "")
    sent = sha256(msgspec.json.encode(fields, order="sorted")).hexdigest()[:24]
    if request.remembered.get(REFUSED) == sent and not isinstance(event, Resent):
        return None  # the same once more would have the same answer
    try:
        row = await there.file(fields, await parts_of(neighbour, request, connection))
    except Rejected as error:
        if isinstance(error, NotShown) or not error.why:
            raise
        return _refused(neighbour, request, error.code, error.why, sent)
    if service.blackbox and not (id_of(row) or id_of(row, "token")):
        return _filed(neighbour, service, connection.now, round, row, "", "")
    return _filed(neighbour, service, connection.now, round, row, *number_or_token(neighbour, row))


def first_try(event: Event, request: ServiceRequest) -> datetime:
    """The moment before which nothing was sent."""
    return request.submitted_at if isinstance(event, Resent) else event.at


async def found_there(
    there: GeoReport, neighbour: Neighbour, fields: dict[str, Any], since: datetime, mark: str
) -> Row | None:
    """The report that bears our reference, where their answer to our call was lost.

    Anyone who knows our reference can write it into a report of their own, so reports from before we sent anything, of
    another service or at another place are ignored.
    """
    begin = max(since - SKEW, there.now - LONGEST_PERIOD)
    asked = {"service_code": fields["service_code"], "start_date": stamp(begin), "end_date": stamp(there.now + SKEW)}
    async for rows in pages_of(there, asked):
        for row in rows:
            at = moment_of(row, "requested_datetime", neighbour.time_zone, there.now)
            is_since = at is None or at >= since - CLOCKS
            if is_since and bears(neighbour, row, mark) and is_of_same(row, fields):
                return row
    return None


async def pages_of(there: GeoReport, asked: dict[str, str]) -> AsyncIterator[list[Row]]:
    """What a list brings, page by page, each request once: a server that knows no pages gives the same again."""
    seen: set[str] = set()
    for page in range(1, PAGES + 1):
        more = {"page": str(page), "page_size": str(PAGE)} if page > 1 else {}
        try:
            rows = await there.requests(**asked, **more)
        except NotShown:
            return
        fresh = [row for row in rows if id_of(row) and id_of(row) not in seen]
        seen |= {id_of(row) for row in fresh}
        yield fresh
        if len(fresh) < PAGE:
            return


async def parts_of(neighbour: Neighbour, request: ServiceRequest, connection: Connection) -> list[Part]:
    """The pictures, as parts of the form, where the town lets them go there."""
    if not neighbour.photos or "attachments" not in neighbour.needs:
        return []
    pictures = [each for each in request.attachments if each.kind.startswith("image/")]
    is_young = connection.now - request.submitted_at < SCANNED_WITHIN
    if is_young and any(each.state == "held" for each in pictures):
        raise Later(SCANNING, only_this=True)
    ready = [each for each in pictures if each.state == "ready"]
    return [
        (neighbour.photos, (each.name or f"{each.id}.jpg", await connection.content(each.id), each.kind))
        for each in ready
    ]


def _filed(
    neighbour: Neighbour, service: Service, now: datetime, round: int, row: Row, number: str, token: str
) -> Outcome:
    held = Held(service=service.to, since=stamp(now), id=number, token=token, round=round)
    words = MADE.format(number=number) if number else WAITS if token else NEVER
    notes = [words.format(title=neighbour.title)]
    if notice := text_of(row, "service_notice", 500):
        notes.append(NOTICE.format(title=neighbour.title, words=notice))
    asked = bool(number or token)
    kept = {FILED: msgspec.to_builtins(held) if asked else None, OVER: None if asked else msgspec.to_builtins(held)}
    return Outcome(
        external_reference=number,
        note=together(notes),
        remember={**kept, REFUSED: None},
        tasks_over=(TaskOver(key=FILE_BY_HAND, result="done"),),
    )


def _refused(neighbour: Neighbour, request: ServiceRequest, code: str, why: Text | str, sent: str) -> Outcome:
    """Their reason, with its code, and a task for the person responsible: somebody there must be told otherwise."""
    note = SAID_NO.format(title=neighbour.title, code=code, why=why)
    task = Task(key=FILE_BY_HAND, title=BY_HAND.format(title=neighbour.title), what=note)
    return Outcome(note=note, remember={REFUSED: sent}, tasks=(task,))


def stamp(at: datetime) -> str:
    """A time as the standard writes it, with its zone and without fractions."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def together(notes: list[Text]) -> Text:
    """Several notes as one."""
    return Text(fr="\n".join(each.fr for each in notes), en="\n".join(each.to("en") for each in notes))


def must_be_there(held: Held) -> str:
    """The number of a report; raises `Later` as long as it has only a token, `Refused` where it never has one."""
    if held.id:
        return held.id
    if held.token:
        raise Later(Text(fr="son numéro n’est pas encore connu", en="its number is not known yet"), only_this=True)
    raise Refused(Text(fr="ce service ne donne pas de numéro", en="this service gives no number"))


def kept_as(held: Held, *, over: bool = False) -> dict[str, Any]:
    """How what is kept of a report is remembered."""
    kept = msgspec.to_builtins(held)
    return {FILED: None, OVER: kept} if over else {FILED: kept, OVER: None}
