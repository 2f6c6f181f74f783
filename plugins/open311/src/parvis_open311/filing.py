"""A report that is posted, on its way in: by the one intake, with its pictures, once however often it is sent."""

import math
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addresses import sure_among
from parvis.jurisdictions.calendars import local_day
from parvis.people.tokens import MachineToken
from parvis.requests.actors import Actor
from parvis.requests.attached.receiving import receive_file
from parvis.requests.contacts import methods_read
from parvis.requests.host import Host
from parvis.requests.intake import taken_before
from parvis.requests.places import addresses_of
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis_open311.answers import answers_in, named
from parvis_open311.marks import Marks, Where, came_back, key_of, known_there_as, marks_in
from parvis_open311.media import MOST_MEDIA, wait_for
from parvis_open311.refusals import Refusal, Refused, refused
from parvis_open311.services import attributes_of, service_at
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import File, Photo
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

LONGEST = {"description": 4000, "first_name": 60, "last_name": 60, "email": 254, "phone": 40, "address_string": 200}
REPEATED_WITHIN = timedelta(minutes=10)
NOT_PINPOINTED = "#NOTPINPOINTED#"  # what one client sends as an address that it does not know
Sent = Mapping[str, tuple[str, ...]]


class UploadedFile(Struct, frozen=True):
    """A file part of a multipart form."""

    name: str
    content: bytes


async def file_report(
    host: Host, town: Jurisdiction, token: MachineToken, sent: Sent, files: tuple[UploadedFile, ...], language: str
) -> Receipt:
    """Take a report in; the same one from the same client within a few minutes has the first number again."""
    request_type = service_of(host, town, one(sent, "service_code"))
    if not token.is_for(request_type.code):
        raise refused(403, "Cette api_key ne vaut pas pour ce service.", "This api_key is not for this service.")
    marks = marks_in(sent.get("description", ()))
    where = where_in(sent)
    if (back := await came_back(host, town, token, marks, request_type, where)) is not None:
        return back
    fingerprint, keys = mark_of(token, sent, files, marks, where)
    for key in keys:
        if isinstance(before := await taken_before(host, town, key, fingerprint), Receipt):
            return before
    holder = f"open311:{fingerprint[:40]}"
    place, media = whole(town, host, request_type, sent, language)
    photos = await photos_kept(host, request_type, files, holder)
    raw = report_of(request_type, sent, language, place, photos)

    async def comes_with(record: Record) -> None:
        await wait_for(record, media)
        if marks.own:
            await known_there_as(host, token, marks, record)

    taken = await RequestService(host).submit(
        town.code,
        request_type.code,
        raw,
        channel="open311",
        idempotency_key=keys[0],
        fingerprint=fingerprint,
        actor=Actor(kind="agent", id=token.handle, name=token.name),
        holder=holder if files else "",
        past=comes_with if media or marks.own else None,
    )
    if isinstance(taken, Problems):
        raise Refused(*(refusal_of(each, request_type) for each in taken.found))
    return taken


def whole(
    town: Jurisdiction, host: Host, request_type: RequestType, sent: Sent, language: str
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The place and the addresses of pictures; where one of them is wrong, all that is wrong is told at once."""
    reasons: list[Refusal] = []
    place: dict[str, Any] = {"words": "-"}
    media: tuple[str, ...] = ()
    try:
        place = place_of(host, town, sent)
    except Refused as error:
        reasons += error.refusals
    try:
        media = media_of(sent)
    except Refused as error:
        reasons += error.refusals
    if reasons:
        raw, today = report_of(request_type, sent, language, place, {}), local_day(town.calendar, clock.now())
        read = request_type.read(raw, channel="open311", today=today, methods=methods_read(host, town))
        found = read.found if isinstance(read, Problems) else ()
        reasons += [refusal_of(each, request_type) for each in found if not each.path.startswith("place")]
        raise Refused(*reasons)
    return place, media


def report_of(
    request_type: RequestType, sent: Sent, language: str, place: dict[str, Any], photos: dict[str, list[str]]
) -> dict[str, Any]:
    """A report as the intake reads it."""
    asked = {"language": language, "place": place, "requester": requester_of(request_type, sent)}
    return {**asked, "answers": {**answers_in(request_type, sent), **photos}}


def service_of(host: Host, town: Jurisdiction, code: str) -> RequestType:
    if not code:
        raise refused(400, "service_code manque.", "service_code is required.")
    request_type = service_at(host, town, code)
    if request_type is None:
        raise refused(404, "Aucun service n’a ce service_code.", "No service has this service_code.")
    return request_type


def place_of(host: Host, town: Jurisdiction, sent: Sent) -> dict[str, Any]:
    """Where: a point, words for it, or an address that the town knows; the point decides where both are there."""
    lat, long = one(sent, "lat"), one(sent, "long")
    address, id = one(sent, "address_string"), one(sent, "address_id")
    if bool(lat) != bool(long):
        missing = "long" if lat else "lat"
        raise refused(400, f"{missing} manque : lat et long vont ensemble.", f"{missing} is required beside the other.")
    if lat:
        return {"lat": degrees("lat", lat, 90), "lon": degrees("long", long, 180), "address": address}
    if address:
        found = sure_among(addresses_of(host, town).search(address, 5), address)
        point = {"lat": found.lat, "lon": found.lon} if found is not None else {}
        return {**point, "address": address}
    if id and id != NOT_PINPOINTED:
        raise refused(400, "address_id n’est pas connu ici.", "address_id is not known here.")
    raise refused(
        400,
        "L’endroit manque : lat et long, address_string ou address_id.",
        "The location is required: lat and long, address_string, or address_id.",
    )


def where_in(sent: Sent) -> Where:
    """The same for comparing, before it is judged; what is no point is none."""
    try:
        lat, lon = degrees("lat", one(sent, "lat"), 90), degrees("long", one(sent, "long"), 180)
    except Refused:
        return Where(address=one(sent, "address_string"))
    return Where(lat=lat, lon=lon, address=one(sent, "address_string"))


def degrees(name: str, given: str, most: int) -> float:
    try:
        value = float(given) if given.isascii() and "_" not in given else math.nan
    except ValueError:
        value = math.nan
    if not abs(value) <= most:  # which no comparison with NaN is
        raise refused(
            400,
            f"{name} doit être un nombre de degrés avec un point, entre -{most} et {most}.",
            f"{name} must be a number of degrees with a point, between -{most} and {most}.",
        )
    return value


def media_of(sent: Sent) -> tuple[str, ...]:
    """The addresses of pictures; anything but the web is refused before it is kept."""
    addresses = tuple(dict.fromkeys(sent.get("media_url", ())))
    wrong = [each for each in addresses if not is_of_the_web(each)]
    if wrong or len(addresses) > MOST_MEDIA:
        raise refused(
            400,
            f"media_url doit être une adresse http ou https, {MOST_MEDIA} au plus.",
            f"media_url must be an http or https address, {MOST_MEDIA} at most.",
        )
    return addresses


def is_of_the_web(address: str) -> bool:
    """Whether it can be asked at all: what is no address is refused before it is kept."""
    try:
        read = urlsplit(address)
        return len(address) <= 2000 and read.scheme in ("http", "https") and bool(read.hostname)
    except ValueError:
        return False


def requester_of(request_type: RequestType, sent: Sent) -> dict[str, str]:
    """Who asks: openly named where they left a way to be reached, else confidential or nobody, as the type has it."""
    name = " ".join(filter(None, (one(sent, "first_name"), one(sent, "last_name"))))
    known = {"name": name, "email": one(sent, "email"), "phone": one(sent, "phone")}
    modes = request_type.identity.modes
    is_reachable = bool(known["email"] or known["phone"])
    is_named = bool(name) and is_reachable  # who leaves an address alone is told of the steps, and named nowhere
    wanted = ("named", "confidential", "anonymous") if is_named else ("anonymous", "named", "confidential")
    mode = next(each for each in wanted if each in modes)
    return {"mode": mode, **{part: value for part, value in known.items() if value}}


async def photos_kept(
    host: Host, request_type: RequestType, files: tuple[UploadedFile, ...], holder: str
) -> dict[str, list[str]]:
    """The files of a multipart form, as the answer to the question that takes pictures."""
    field = next((each for each in request_type.form.fields() if isinstance(each, Photo | File)), None)
    if not files:
        return {}
    if field is None:
        raise refused(400, "Ce service ne prend pas de fichiers.", "This service takes no files.")
    if len(files) > field.most:
        raise refused(400, f"{field.most} fichiers au plus.", f"{field.most} files at most.")
    ids = []
    for file in files:
        kept = await receive_file(
            host, holder, field.code, file.name, file.content, kinds=field.kinds, max_size=field.max_size
        )
        if isinstance(kept, Problem):
            raise Refused(Refusal(400, kept.message))
        ids.append(kept.id)
    return {field.code: ids}


def mark_of(
    token: MachineToken, sent: Sent, files: tuple[UploadedFile, ...], marks: Marks, where: Where
) -> tuple[str, tuple[str, ...]]:
    """What a report is, as a digest, and the keys under which it is known: for good where it bears the reference of
    its sender, else in these minutes and those before.
    """
    if marks.own:
        key, fingerprint = key_of(token, marks, one(sent, "service_code"), where)
        return fingerprint, (key,)
    told = sorted((name, value) for name, values in sent.items() if name != "api_key" for value in values)
    digest = sha256(repr((token.handle, told)).encode("utf-8", "backslashreplace"))
    for file in files:
        digest.update(sha256(file.content).digest())
    mark, turn = digest.hexdigest(), int(clock.now().timestamp() // REPEATED_WITHIN.total_seconds())
    return mark, (f"open311:{mark}:{turn}", f"open311:{mark}:{turn - 1}")


def refusal_of(problem: Problem, request_type: RequestType) -> Refusal:
    """A problem of the form, with the argument that it is about before its sentence."""
    name = named(problem, request_type)
    asked = {each.field.code for each in attributes_of(request_type)}
    is_said = name.startswith("attribute[") and name[len("attribute[") : -1] in asked
    if problem.code == "required" and is_said:
        return Refusal(
            400, Text(fr=f"{name} manque. {problem.message.fr}", en=f"{name} is required. {problem.message.to('en')}")
        )
    if not name:
        return Refusal(400, problem.message)
    return Refusal(400, Text(fr=f"{name} : {problem.message.fr}", en=f"{name}: {problem.message.to('en')}"))


def one(sent: Sent, name: str) -> str:
    """The one value of an argument; too long or twice different is refused."""
    values = tuple(dict.fromkeys(sent.get(name, ())))
    if len(values) > 1:
        raise refused(400, f"{name} est donné plusieurs fois.", f"{name} is given more than once.")
    value = values[0] if values else ""
    most = LONGEST.get(name, 200)
    if len(value) > most:
        raise refused(400, f"{name} dépasse {most} caractères.", f"{name} is longer than {most} characters.")
    return value
