"""What of a request becomes which argument of a report there, and which requests are their business at all."""

import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis_open311_connector.reading import Row, text_of
from parvis_open311_connector.settings import Neighbour, Service
from parvis_sdk.fields import Money, Sensitivity
from parvis_sdk.mapping import BY_CONTACT, Column, column_of, instead, value_of
from parvis_sdk.requests import Place, ServiceRequest

LONGEST = 4000  # characters of a description
MANY = "[]"
FILED, OVER = "filed", "over"  # what is kept of a report there: as long as it is asked about, and afterwards
CAME = "open311:"  # before the name of the key with which somebody filed a request here
MARK = re.compile(r"\[Parvis ([0-9A-Za-z/-]{3,60})\]")
LAST_LINE = re.compile(rf"(?:^|[\r\n])[ \t]*((?:{MARK.pattern.replace('(', '(?:')}[ \t]*)+)\s*\Z")
NEAR = 100  # metres between the place that was sent and the one that is shown
METRES_PER_DEGREE = 111_320


class Held(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept about a report of ours there: its number or its token, its service, and what was last told of it."""

    service: str
    since: str
    id: str = ""
    token: str = ""
    round: int = 1
    told: str = ""
    state: str = ""
    closed: str = ""
    gone: str = ""


def held_of(remembered: Mapping[str, Any]) -> Held | None:
    """The report that a request has there, if any."""
    return as_held(remembered.get(FILED) or remembered.get(OVER))


def as_held(kept: Any) -> Held | None:
    """What was kept, read back."""
    try:
        return msgspec.convert(kept, Held) if kept else None
    except msgspec.ValidationError:
        return None


def service_for(neighbour: Neighbour, request: ServiceRequest) -> Service | None:
    """As which service a request goes there: the first whose types and conditions fit it."""
    fitting = (each for each in neighbour.services if each.serves(request.type) and fits(each, request))
    return next(fitting, None)


def fits(service: Service, request: ServiceRequest) -> bool:
    """Whether each fact that the service names has one of its values."""
    return all(_is_one(_values(source, request), wanted) for source, wanted in service.where.items())


def _values(source: str, request: ServiceRequest) -> list[Any]:
    head, _, name = source.partition(".")
    raw = request.answers.get(name) if head == "answers" else value_of(Column(source=source), request)
    return list(raw) if isinstance(raw, list | tuple) else [raw]


def _is_one(values: list[Any], wanted: tuple[str, ...]) -> bool:
    said = {str(each).lower() if isinstance(each, bool) else str(each) for each in values if each is not None}
    return bool(said & set(wanted))


def mark_of(reference: str, round: int = 1) -> str:
    """Our reference as it stands in a report there; a request that goes there anew has another one each time."""
    return reference if round == 1 else f"{reference}/{round}"


def marked(mark: str) -> str:
    """The line at the end of a description by which a report is known again, by people and by programs."""
    return f"[Parvis {mark}]"


def last_mark(row: Row) -> str:
    """The reference in the last line of a description, which holds nothing else: above it, anybody may type one."""
    line = LAST_LINE.search(str(row.get("description") or ""))
    return str(MARK.findall(line[1])[-1]) if line else ""


def bears(neighbour: Neighbour, row: Row, mark: str) -> bool:
    """Whether a report of theirs says that it is this one of ours, where our reports say it."""
    if neighbour.reference_in == "description":
        return last_mark(row) == mark
    return _attribute(row, neighbour.reference_in.removeprefix("attribute[").removesuffix("]")) == mark


def reference_in(row: Row) -> str:
    """The request of ours that a report of theirs says it is, without which time it went there; nothing otherwise."""
    return last_mark(row).partition("/")[0]


def bears_another(row: Row, mark: str) -> str:
    """The reference of another request of ours that a report of theirs names instead of this one."""
    named = last_mark(row)
    return "" if named == mark else named


def _attribute(row: Row, code: str) -> str:
    said = row.get("attributes")
    if isinstance(said, dict):
        return str(said.get(code) or "")
    rows = said if isinstance(said, list) else []
    return next((str(each.get("value")) for each in rows if isinstance(each, dict) and each.get("code") == code), "")


def is_of_same(row: Row, fields: Mapping[str, Any]) -> bool:
    """Whether a report of theirs is of the service and the place of one of ours, as far as it says."""
    service = text_of(row, "service_code", 200)
    if service and service != fields["service_code"]:
        return False
    theirs, ours = _point(row), _point(fields)
    if theirs is not None and ours is not None:
        north, east = theirs[0] - ours[0], (theirs[1] - ours[1]) * math.cos(math.radians(ours[0]))
        return math.hypot(north, east) * METRES_PER_DEGREE <= NEAR
    there, here = _folded(row.get("address")), _folded(fields.get("address_string"))
    return not there or not here or there in here or here in there


def _folded(words: Any) -> str:
    return " ".join(str(words or "").split()).casefold()


def _point(said: Mapping[str, Any]) -> tuple[float, float] | None:
    try:
        return float(said["lat"]), float(said["long"])
    except (KeyError, TypeError, ValueError):
        return None


def report_of(neighbour: Neighbour, service: Service, request: ServiceRequest, round: int = 1) -> dict[str, Any]:
    """The arguments of a report: what the settings map, where it is, and our reference; nothing that is empty."""
    place = request.place or Place()
    fields: dict[str, Any] = {"service_code": service.to}
    if place.lat is not None and place.lon is not None:
        fields |= {"lat": f"{place.lat:.6f}", "long": f"{place.lon:.6f}"}
    if address := place.address or place.words:
        fields["address_string"] = address[:200]
    fields["description"] = request.type_title.to(neighbour.language)
    fields |= columns_of(neighbour, service, request)
    mark = mark_of(request.reference, round)
    if neighbour.reference_in == "description":
        line = f"\n\n{' '.join(marked(each) for each in (*came_by(request), mark))}"
        fields["description"] = f"{fields['description'][: LONGEST - len(line)]}{line}".strip()
    else:
        fields |= {neighbour.reference_in: mark, "description": fields["description"][:LONGEST]}
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def columns_of(neighbour: Neighbour, service: Service, request: ServiceRequest) -> dict[str, Any]:
    """The mapped arguments with their values, as words; personal ones only of requesters who gave their name."""
    fields: dict[str, Any] = {}
    merged = instead(service, request)
    for name, column in service.columns.items():
        each = column_of(column)
        if name in merged:
            fields[name] = _word(merged[name])
        elif not _is_withheld(neighbour, request, each.source):
            fields[name] = _several(each, request) if name.endswith(MANY) else _one(each, request)
    return {name: value for name, value in fields.items() if value not in ("", [])}


def _several(column: Column, request: ServiceRequest) -> list[str]:
    """Each of several choices by itself, in their codes."""
    head, _, code = column.source.partition(".")
    raw = request.answers.get(code) if head == "answers" else None
    if not isinstance(raw, list | tuple):
        return [word] if (word := _word(value_of(column, request))) else []
    one_by_one = (structs.replace(request, answers={**request.answers, code: each}) for each in raw)
    return [word for each in one_by_one if (word := _word(value_of(column, each)))]


def _one(column: Column, request: ServiceRequest) -> str:
    """One value; an amount in units of its currency, as people and other systems write it: we keep cents."""
    head, _, code = column.source.partition(".")
    value = value_of(column, request)
    question = request.questions.get(code) if head == "answers" else None
    is_amount = isinstance(question, Money) and isinstance(value, int) and not column.codes
    return f"{Decimal(value) / 100:.2f}" if is_amount else _word(value)


def _word(value: Any) -> str:
    """A value as words, in which nothing that somebody typed is a reference of ours."""
    said = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return MARK.sub(r"(Parvis \1)", said)


def _is_withheld(neighbour: Neighbour, request: ServiceRequest, source: str) -> bool:
    """Whether a value is about a person who is not to be known there."""
    is_named = request.requester is not None and request.requester.mode == "named"
    if source.startswith(BY_CONTACT):
        return "contact" not in neighbour.needs or not is_named
    head, _, code = source.partition(".")
    question = request.questions.get(code) if head == "answers" else None
    if question is None or question.privacy.sensitivity not in (Sensitivity.PERSONAL, Sensitivity.SENSITIVE):
        return False
    return "personal" not in neighbour.needs or (request.requester is not None and not is_named)


def came_from_there(neighbour: Neighbour, request: ServiceRequest) -> bool:
    """Whether a request was filed here by this neighbour: it does not go back."""
    names = {f"{CAME}{name}" for name in (neighbour.files_here_as, neighbour.name) if name}
    return bool(names & request.external_references.keys())


def came_by(request: ServiceRequest) -> list[str]:
    """What those call it who filed it here: where they are met again, it has come in a circle."""
    theirs = {number for name, number in request.external_references.items() if name.startswith(CAME)}
    return sorted(number for number in theirs if MARK.fullmatch(marked(number)))


def numbers(helds: Sequence[Held]) -> list[str]:
    """What they call these reports."""
    return list(dict.fromkeys(each.id for each in helds if each.id))
