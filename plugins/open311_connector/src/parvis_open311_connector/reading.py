"""What a server of GeoReport answers, as rows: JSON or XML, wrapped in one way or another, strict or not."""

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from parvis_sdk.cleaning import clean
from parvis_sdk.errors import Later
from parvis_sdk.text import Text

Row = dict[str, Any]
LISTS = (
    *("services", "service_requests", "requests", "errors", "attributes", "values", "notes"),
    *("service_request_updates", "request_updates", "endpoints", "formats"),
)
WRAPPINGS = (
    *("service_requests", "requests", "request", "services", "service", "errors", "error"),
    *("service_request_updates", "request_updates", "request_update"),
)
LONGEST = 4000
LONGEST_ID = 100
NOT_DATA = Text(
    fr="la réponse n’est ni du JSON ni du XML de GeoReport", en="the answer is neither GeoReport JSON nor XML"
)
NO_LIST = Text(fr="la réponse n’est pas au format GeoReport", en="the answer is not in GeoReport format")


def rows_in(content: bytes) -> list[Row]:
    """The records of an answer, whatever it says its kind is; raises `Later` where there are none to be found."""
    return _unwrapped(said_in(content))


def said_in(content: bytes) -> Any:
    """The content of an answer as data, whether it is JSON or XML; raises `Later` if it is neither."""
    begins = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not begins:
        raise Later(NOT_DATA)
    return _of_xml(content) if begins.startswith(b"<") else _of_json(content)


def _of_json(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Later(NOT_DATA) from error


def _no_number(words: str) -> None:
    raise ValueError(words)


def _of_xml(content: bytes) -> Any:
    if b"<!" in content and (b"<!DOCTYPE" in content.upper() or b"<!ENTITY" in content.upper()):
        raise Later(NOT_DATA)  # a page of HTML, or entities, which GeoReport has none of
    try:
        root = ET.fromstring(content.lstrip())  # noqa: S314  what declares entities was refused
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Later(NOT_DATA) from error
    said = _value(root, 0)
    return {_name(root): said} if _name(root) in WRAPPINGS else said


def _value(element: ET.Element, depth: int) -> Any:
    """An element as JSON would have it: a list of its children, a record, or words."""
    if depth > 20:
        raise Later(NOT_DATA)
    children = list(element)
    if _name(element) in LISTS:
        return [_value(each, depth + 1) for each in children]
    if not children:
        return (element.text or "").strip()
    row: Row = {}
    for each in children:
        name, value = _name(each), _value(each, depth + 1)
        if name in row:
            row[name] = [*(row[name] if isinstance(row[name], list) else [row[name]]), value]
        else:
            row[name] = value
    return row


def _name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _unwrapped(said: Any) -> list[Row]:
    if isinstance(said, list):
        if not all(isinstance(each, dict) for each in said):
            raise Later(NO_LIST)
        return said
    if isinstance(said, dict) and said:
        inner = next((said[name] for name in WRAPPINGS if isinstance(said.get(name), list | dict)), None)
        if inner is not None:
            return _unwrapped(inner) if inner else []
        wrapped = [said[name] for name in WRAPPINGS if name in said]
        if not wrapped:
            return [said]
        if wrapped[0] in (None, ""):
            return []  # an element with nothing in it
    raise Later(NO_LIST)


def text_of(row: Row, path: str, most: int = LONGEST) -> str:
    """The words of an element, by its name or by names with points between; numbers as they are written."""
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return clean(str(value))[:most].strip() if isinstance(value, str | int | float) else ""


def id_of(row: Row, name: str = "service_request_id") -> str:
    """A number or a token, which may have come as a number of JSON; one that is too long is none."""
    found = text_of(row, name, LONGEST_ID + 1)
    return found if len(found) <= LONGEST_ID else ""


def moment_of(row: Row, name: str, zone: str, now: datetime) -> datetime | None:
    """A time of a row: without a zone it is that of the neighbour, and nothing has happened after now."""
    try:
        at = datetime.fromisoformat(text_of(row, name, 60))
    except ValueError:
        return None
    if not 1990 <= at.year <= 2200:
        return None
    return min((at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC), now)
