"""What operators read of connectors, in words: circuits, events, needs, tables of what goes where, calls."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from parvis.i18n import gettext, pgettext, say
from parvis_connectors.standing import ConnectorStatus
from parvis_sdk.mapping import Column, Mapped, column_of
from parvis_sdk.request_types import RequestType


class ColumnMapping(Struct, frozen=True, kw_only=True):
    """One column of theirs: what stands in it, which code becomes which, what is sent otherwise."""

    theirs: str
    ours: str
    source: str
    codes: tuple[tuple[str, str], ...]
    otherwise: str
    most: int


class Table(Struct, frozen=True, kw_only=True):
    """One table of what goes where, and which state of theirs asks for which step of ours."""

    to: str
    types: tuple[str, ...]
    columns: tuple[ColumnMapping, ...]
    read: str
    moves: tuple[tuple[str, str], ...]


def weather_of(each: ConnectorStatus, now: datetime) -> tuple[str, str]:
    """The state of a circuit in words, and the colour of its chip."""
    if each.weather == "paused":
        return pgettext("connector", "paused"), "bad"
    if each.weather == "resting":
        due = each.open_until is not None and each.open_until <= now
        return (gettext("a retry is due") if due else pgettext("connector", "paused automatically"), "bad")
    if each.weather == "failing":
        return gettext("failing"), "warn"
    return pgettext("connector", "no problem"), "ok"


def need_name(need: str) -> str:
    """What a connector is given beyond the bare request."""
    return {
        "contact": gettext("name and contact details of the requester"),
        "personal": gettext("personal answers"),
        "followers": gettext("followers"),
        "attachments": gettext("files"),
        "fees": gettext("fees"),
    }.get(need, need)


def purpose_name(purpose: str) -> str:
    """What a call was for."""
    return {
        "delivery": pgettext("call", "delivery"),
        "poll": pgettext("call", "poll"),
        "check": pgettext("call", "check"),
        "trial": pgettext("call", "test"),
        "compare": pgettext("call", "comparison"),
        "chore": pgettext("call", "scheduled task"),
    }.get(purpose, purpose)


def check_name(code: str) -> str:
    """One of the three questions of a check."""
    return {
        "settings": gettext("Are the settings complete?"),
        "reachable": gettext("Does the system answer?"),
        "allowed": gettext("Is access granted?"),
    }.get(code, code)


def tables_of(mappings: Sequence[Mapped], request_types: Mapping[str, RequestType]) -> tuple[Table, ...]:
    """What goes where, as a town reads it."""
    return tuple(_table(each, request_types) for each in mappings)


def _table(mapping: Mapped, request_types: Mapping[str, RequestType]) -> Table:
    served = [request_type for code, request_type in request_types.items() if mapping.serves(code)]
    moves = {move.code: say(move.title) for request_type in served for move in request_type.workflow.transitions}
    return Table(
        to=mapping.to,
        types=tuple(say(request_type.title) for request_type in served) if mapping.types else (),
        columns=tuple(_sent(name, column_of(column), served) for name, column in mapping.columns.items()),
        read=mapping.read,
        moves=tuple((theirs, moves.get(ours, ours)) for theirs, ours in mapping.moves.items()),
    )


def _sent(theirs: str, column: Column, request_types: Sequence[RequestType]) -> ColumnMapping:
    return ColumnMapping(
        theirs=theirs,
        ours=source_name(column.source, request_types),
        source=column.source,
        codes=tuple((ours, str(code)) for ours, code in column.codes.items()),
        otherwise="" if column.otherwise is None else str(column.otherwise),
        most=column.most,
    )


def source_name(source: str, request_types: Sequence[RequestType]) -> str:
    """What a source of a table means."""
    if source.startswith("'"):
        return gettext("always “%(words)s”") % {"words": source.strip("'")}
    head, _, code = source.partition(".")
    if head == "answers":
        labels = [
            say(field.label)
            for request_type in request_types
            for field in request_type.form.fields()
            if field.code == code
        ]
        return labels[0] if labels else source
    named: Callable[[], str] | None = FACTS.get(source)
    return named() if named else source


FACTS: Mapping[str, Callable[[], str]] = {
    "reference": lambda: gettext("Reference"),
    "type": lambda: pgettext("fact", "Type, by its code"),
    "type_title": lambda: pgettext("fact", "Type"),
    "state": lambda: pgettext("fact", "State, by its code"),
    "state_title": lambda: pgettext("fact", "State"),
    "phase": lambda: pgettext("fact", "Phase"),
    "channel": lambda: pgettext("fact", "Channel"),
    "language": lambda: pgettext("fact", "Language"),
    "unit": lambda: pgettext("fact", "Unit"),
    "submitted_at": lambda: pgettext("fact", "Received on"),
    "promised_at": lambda: pgettext("fact", "Promised date"),
    "public_url": lambda: pgettext("fact", "Address of its public page"),
    "tracking_url": lambda: pgettext("fact", "Address of its private page"),
    "place.lon": lambda: pgettext("fact", "Longitude"),
    "place.lat": lambda: pgettext("fact", "Latitude"),
    "place.address": lambda: pgettext("fact", "Address of the place"),
    "place.words": lambda: pgettext("fact", "Details about the place"),
    "place.assets": lambda: pgettext("fact", "Assets chosen there"),
    "requester.name": lambda: pgettext("fact", "Name of the requester"),
    "requester.email": lambda: pgettext("fact", "Email of the requester"),
    "requester.phone": lambda: pgettext("fact", "Telephone of the requester"),
    "requester.postal_address": lambda: pgettext("fact", "Postal address of the requester"),
    "requester.mode": lambda: pgettext("fact", "Named, confidential or anonymous"),
    "town.code": lambda: pgettext("fact", "Town, by its code"),
    "town.name": lambda: pgettext("fact", "Town"),
    "town.phone": lambda: pgettext("fact", "Telephone of the town"),
    "town.email": lambda: pgettext("fact", "Email of the town"),
    "town.url": lambda: pgettext("fact", "Website of the town"),
}
