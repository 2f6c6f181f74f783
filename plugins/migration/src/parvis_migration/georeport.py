"""What an Open311 server of any maker answers, JSON or XML, as rows of columns and text."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from parvis_migration.rows import Row
from parvis_migration.sources import as_text, flat
from parvis_sdk.errors import Later
from parvis_sdk.text import Text

Said = dict[str, Any]
LISTS = ("service_requests", "requests", "errors", "attributes", "notes")
WRAPPINGS = (*("service_requests", "requests", "request"), *("errors", "error", "results", "data", "items"))
TOTALS = ("total", "total_count", "count", "num_found", "X-Total-Count")
DEEPEST = 20
NOT_DATA = Text(
    fr="sa réponse est tronquée, ou n’est ni du JSON ni du XML de GeoReport",
    en="its answer is cut short, or neither GeoReport JSON nor XML",
)


class Answer(Struct, frozen=True, kw_only=True):
    """One page: its requests, the errors in it, and how many requests it says there are in all."""

    requests: tuple[Said, ...]
    errors: tuple[str, ...] = ()
    total: int | None = None


def answer_in(content: bytes, headers: Mapping[str, str]) -> Answer:
    """What is said; raises `Later` for half an answer, and for a page that is for people."""
    said = _said(content)
    rows = _unwrapped(said)
    totals = [said.get(name) for name in TOTALS] if isinstance(said, dict) else []
    found = (_whole(each) for each in (*totals, *(headers.get(name.lower()) for name in TOTALS[-1:])))
    errors = tuple(_reason(each) for each in rows if _is_error(each))
    requests = tuple(each for each in rows if not _is_error(each))
    return Answer(requests=requests, errors=errors, total=next((each for each in found if each is not None), None))


def row_of(said: Said) -> Row:
    """A request as a row: answers by their code, its notes as dated lines, and since when a closed one is closed."""
    row = dict(flat({name: value for name, value in said.items() if name not in ("notes", "attributes")}))
    row |= {f"attributes.{code}": value for code, value in _attributes(said.get("attributes"))}
    if notes := "\n".join(_notes(said.get("notes"))):
        row["journal"] = notes
    if row.get("status", "").lower() == "closed":
        row["closed_datetime"] = row.get("closed_datetime") or row.get("closed_date") or row.get("updated_datetime", "")
    else:
        row.setdefault("closed_datetime", "")
    return row


def _attributes(said: Any) -> Iterator[tuple[str, str]]:
    """A list of code and value, as most say it, or an object of code to value."""
    if isinstance(said, Mapping):
        yield from flat(said)
    for each in said if isinstance(said, list) else ():
        if isinstance(each, Mapping) and (code := as_text(each.get("code") or each.get("name"))):
            value = each.get("value")
            yield code, "\n".join(map(as_text, value)) if isinstance(value, list) else as_text(value)


def _notes(said: Any) -> Iterator[str]:
    for each in said if isinstance(said, list) else ():
        if isinstance(each, Mapping):
            words = " ".join(
                dict.fromkeys(" ".join(as_text(each.get(name)).split()) for name in ("summary", "description"))
            ).strip()
            if words:
                yield f"{as_text(each.get('datetime'))} {words}".strip()


def _said(content: bytes) -> Any:
    begins = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        if begins.startswith(b"<"):
            return _of_xml(content)
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError, LookupError, ET.ParseError) as error:
        raise Later(NOT_DATA) from error


def _refuse(words: str) -> None:
    raise ValueError(words)


def _of_xml(content: bytes) -> Any:
    if b"<!DOCTYPE" in content.upper() or b"<!ENTITY" in content.upper():
        raise ValueError("a page for people, or entities, which GeoReport has none of")
    root = ET.fromstring(content.lstrip(b"\xef\xbb\xbf \t\r\n"))  # noqa: S314 - what declares entities was refused
    return {_name(root): _value(root, 0)}


def _value(element: ET.Element, depth: int) -> Any:
    """An element as JSON would have it: a list of its children, an object, or words."""
    if depth > DEEPEST:
        raise ValueError("too deep")
    if _name(element) in LISTS:
        return [_value(each, depth + 1) for each in element]
    if not len(element):
        return (element.text or "").strip()
    said: Said = {}
    for each in element:
        name, value = _name(each), _value(each, depth + 1)
        said[name] = [*(said[name] if isinstance(said[name], list) else [said[name]]), value] if name in said else value
    return said


def _name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _unwrapped(said: Any) -> list[Said]:
    if isinstance(said, list):
        if not all(isinstance(each, dict) for each in said):
            raise Later(NOT_DATA)
        return said
    if isinstance(said, dict):
        for name in WRAPPINGS:
            if isinstance(said.get(name), list | dict):
                return _unwrapped(said[name]) if said[name] else []
        if any(name in said for name in WRAPPINGS):
            return []  # an element with nothing in it
        if said:
            return [said]
    raise Later(NOT_DATA)


def _is_error(said: Said) -> bool:
    if "service_request_id" in said or "token" in said:
        return False
    return "error" in said or ("code" in said and ("description" in said or "message" in said))


def _reason(said: Said) -> str:
    words = as_text(said.get("description") or said.get("message") or said.get("error"))
    return f"{as_text(said.get('code'))} {words}".strip()[:300]


def _whole(said: Any) -> int | None:
    words = as_text(said)
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 10 else None
