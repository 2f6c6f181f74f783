"""One answer in two forms: XML as the standard writes it, and JSON by its Spark convention."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
from msgspec import Struct

FORMATS = {"xml": "text/xml", "json": "application/json; charset=utf-8"}  # the framework says the charset of texts
PROLOGUE = b'<?xml version="1.0" encoding="UTF-8"?>\n'
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Many(Struct, frozen=True):
    """Elements of one name, which in JSON are a list without it."""

    name: str
    items: tuple[Any, ...]


def written(root: str, value: Any, format: str) -> bytes:
    """The bytes of an answer, where mappings are records and `Many` is a list."""
    if format == "json":
        return msgspec.json.encode(as_json(value))
    top = ET.Element(root)
    put(top, value)
    return PROLOGUE + ET.tostring(top, encoding="unicode").encode()


def as_json(value: Any) -> Any:
    """A value as JSON has it: without the names of elements, `null` for what is empty.

    >>> as_json({"services": Many("service", ({"service_code": "017", "group": ""},))})
    {'services': [{'service_code': '017', 'group': None}]}
    """
    if isinstance(value, Many):
        return [as_json(each) for each in value.items]
    if isinstance(value, Mapping):
        return {name: as_json(each) for name, each in value.items()}
    if isinstance(value, datetime):
        return moment(value)
    return None if value in ("", None) else value


def put(parent: ET.Element, value: Any) -> None:
    if isinstance(value, Many):
        for each in value.items:
            put(ET.SubElement(parent, value.name), each)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            put(ET.SubElement(parent, name), each)
    else:
        parent.text = words(value)


def words(value: Any) -> str | None:
    """A plain value as text of XML; None leaves the element empty."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return NOT_IN_XML.sub("\ufffd", moment(value) if isinstance(value, datetime) else str(value))


def moment(at: datetime) -> str:
    """A moment with its zone and without fractions of a second."""
    return at.astimezone(at.tzinfo or UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
