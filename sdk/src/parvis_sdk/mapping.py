"""A mapping from our request types, fields and codes to the columns and codes of another system.

    [[plugins.gis_arcgis.mappings]]
    types = ["pothole"]
    to = "0"
    columns = { REFERENCE = "reference", TAILLE = { source = "answers.size", codes = { small = "P", large = "G" } } }
    moves = { "Réparé" = "repair" }

It is a town's to write, read and compare; it is checked at start against the declared types (`mistakes`), and by a
connector against what the other system says of itself (`unlike`).
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField, Sensitivity
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place, Requester, ServiceRequest
from parvis_sdk.subscriptions import Need

FACTS = (
    "reference",
    "type",
    "type_title",
    "state",
    "state_title",
    "phase",
    "goes_on_with",
    "channel",
    "language",
    "unit",
    "submitted_at",
    "promised_at",
    "public_url",
    "tracking_url",
)
OF_PLACE = ("lon", "lat", "address", "words", "assets")
OF_REQUESTER = ("name", "email", "phone", "postal_address", "mode")
OF_TOWN = ("code", "name", "phone", "email", "url")
PREFIXES = {"place": OF_PLACE, "requester": OF_REQUESTER, "town": OF_TOWN}
BY_CONTACT = ("requester.", "tracking_url")


class Column(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What goes into one of their columns.

    `source` is a fact ("reference", "state", "place.address", "answers.size", "requester.email") or words in single
    quotes, which are sent as they stand. `codes` turns our codes into theirs, `otherwise` is sent for those it does
    not name and for what is empty. Words longer than `most` are cut; `language` chooses that of titles and labels.
    """

    source: str
    codes: dict[str, Any] = {}
    otherwise: Any = None
    most: int = 0
    language: str = "fr"


class Mapped(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How requests of some types are written into a table, layer or model of the other system, named by `to`.

    `moves` says which transition of ours a state of theirs asks for; `read` which of their columns is that state.
    `after` names the transitions of ours with which a request first goes there (none: it goes when it is submitted),
    `again` those after which it goes there anew although what was there for it is done. `merged` is what stands in some
    of the columns instead, as long as the request goes on with another one.
    """

    to: str
    types: tuple[str, ...] = ()
    columns: dict[str, Column | str] = {}
    read: str = ""
    moves: dict[str, str] = {}
    after: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    merged: dict[str, Any] = {}

    def serves(self, request_type: str) -> bool:
        """Whether requests of that type are written there."""
        return not self.types or request_type in self.types


class Described(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A column as the other system describes it: its kind, how long its words may be, the codes it allows."""

    kind: str = ""
    most: int = 0
    required: bool = False
    writable: bool = True
    codes: tuple[Any, ...] = ()


def mapped(mappings: Iterable[Mapped], request_type: str) -> Mapped | None:
    """The mapping of a request type: the first one that names it, else one for all types."""
    serving = [each for each in mappings if each.serves(request_type)]
    return next((each for each in serving if each.types), serving[0] if serving else None)


def row_for(mapping: Mapped, request: ServiceRequest) -> dict[str, Any]:
    """The columns of the other system with the values of a request; None for empty ones."""
    row = {name: value_of(column_of(column), request) for name, column in mapping.columns.items()}
    return row | instead(mapping, request)


def instead(mapping: Mapped, request: ServiceRequest) -> dict[str, Any]:
    """The values of some columns while the request is merged into another one."""
    return {name: value for name, value in mapping.merged.items() if name in mapping.columns and request.goes_on_with}


def column_of(column: Column | str) -> Column:
    """A column in full."""
    return Column(source=column) if isinstance(column, str) else column


def value_of(column: Column, request: ServiceRequest) -> Any:
    """The value of a column for a request."""
    value = _said(_raw(column.source, request), column.language)
    if column.codes:
        value = [_coded(column, each) for each in value] if isinstance(value, list) else _coded(column, value)
    if value is None or value == "":
        value = column.otherwise
    if isinstance(value, list):
        value = ", ".join(str(each) for each in value)
    return value[: column.most] if column.most and isinstance(value, str) else value


def needs_of(mappings: Iterable[Mapped], types: Iterable[RequestType] = ()) -> tuple[Need, ...]:
    """The needs that a connector must declare for these mappings."""
    sources = [column_of(each).source for mapping in mappings for each in mapping.columns.values()]
    personal = {
        f"answers.{field.code}" for request_type in types for field in request_type.form.fields() if _is_personal(field)
    }
    needs: list[Need] = []
    if any(source.startswith(BY_CONTACT) for source in sources):
        needs.append("contact")
    if personal & set(sources):
        needs.append("personal")
    return tuple(needs)


def mistakes(
    mappings: Sequence[Mapped], types: Iterable[RequestType], needs: Sequence[Need]
) -> Iterator[DeclarationMistake]:
    """Everything in these tables that does not match the declared types, or needs data that was not declared."""
    declared = {request_type.code: request_type for request_type in types}
    for mapping in mappings:
        where = f"mapping to {mapping.to!r}"
        unknown = [code for code in mapping.types if code not in declared]
        for code in unknown:
            yield _mistake(where, f"the request type {code!r} is not declared", near(code, declared))
        served = [request_type for code, request_type in declared.items() if mapping.serves(code)]
        for name, column in mapping.columns.items():
            yield from _column_mistakes(f"{where} · {name}", column_of(column), served if mapping.types else (), needs)
        moves = [each for request_type in served for each in request_type.workflow.transitions]
        known = {each.code for each in moves}
        open_to_us = {each.code for each in moves if "system" in each.by}
        for theirs, move in mapping.moves.items():
            if served and move not in known:
                yield _mistake(f"{where} · moves · {theirs}", f"there is no transition {move!r}", near(move, known))
            elif served and move not in open_to_us:
                what = f"the transition {move!r} is not one that another system may make"
                yield _mistake(f"{where} · moves · {theirs}", what, 'add "system" to its `by`, or leave the move out')
        for word, move in (*(("after", each) for each in mapping.after), *(("again", each) for each in mapping.again)):
            if served and move not in known:
                yield _mistake(f"{where} · {word}", f"there is no transition {move!r}", near(move, known))
        for name in mapping.merged:
            if name not in mapping.columns:
                what = f"{name!r} is none of its columns, so that nothing would take that back"
                yield _mistake(f"{where} · merged", what, near(name, mapping.columns))
        if mapping.moves and not mapping.read:
            yield _mistake(
                where, "it has moves and does not say which column is the state", "name that column in `read`"
            )


def unlike(mapping: Mapped, described: Mapping[str, Described]) -> Iterator[DeclarationMistake]:
    """Everything in a table that does not match the columns described by the other system."""
    where = f"mapping to {mapping.to!r}"
    for name in dict.fromkeys([*mapping.columns, *([mapping.read] if mapping.read else [])]):
        theirs = described.get(name)
        if theirs is None:
            yield _mistake(where, f"there is no column {name!r} there", near(name, described))
            continue
        if name not in mapping.columns:
            continue
        column = column_of(mapping.columns[name])
        if not theirs.writable:
            yield _mistake(where, f"the column {name!r} cannot be written there", "leave it out")
        if theirs.codes:
            merged = [mapping.merged[name]] if name in mapping.merged else []
            sent = [*column.codes.values(), *([column.otherwise] if column.otherwise is not None else []), *merged]
            for code in sent:
                if code not in theirs.codes:
                    allowed = ", ".join(map(str, theirs.codes[:12]))
                    yield _mistake(
                        f"{where} · {name}", f"the code {code!r} is not allowed there", f"it allows {allowed}"
                    )
    for name, theirs in described.items():
        if theirs.required and theirs.writable and name not in mapping.columns:
            yield _mistake(where, f"the column {name!r} must be filled there", "say what goes into it")


def near(word: str, known: Iterable[str]) -> str:
    """A suggestion: the most similar name, or the names that exist."""
    names = sorted(known)
    found = difflib.get_close_matches(word, names, 1, 0.6)
    return f"did you mean {found[0]!r}?" if found else f"there are {', '.join(names[:20]) or 'none'}"


def _column_mistakes(
    where: str, column: Column, request_types: Sequence[RequestType], needs: Sequence[Need]
) -> Iterator[DeclarationMistake]:
    source = column.source
    if source.startswith("'"):
        if len(source) < 2 or not source.endswith("'"):
            yield _mistake(where, f"{source} begins with a quote and does not end with one", "close the quote")
        return
    if source.startswith(BY_CONTACT) and "contact" not in needs:
        yield _mistake(where, f"{source!r} is personal and was not said to be needed", "state the need 'contact'")
    head, _, name = source.partition(".")
    if head == "answers":
        yield from _answer_mistakes(where, column, name, request_types, needs)
    elif head in PREFIXES and name:
        if name not in PREFIXES[head]:
            yield _mistake(
                where, f"there is no {source!r}", near(source, (f"{head}.{each}" for each in PREFIXES[head]))
            )
    elif source not in FACTS:
        known = (*FACTS, *(f"{one}.{each}" for one, names in PREFIXES.items() for each in names))
        yield _mistake(where, f"there is no fact {source!r}", near(source, known))


def _answer_mistakes(
    where: str, column: Column, code: str, request_types: Sequence[RequestType], needs: Sequence[Need]
) -> Iterator[DeclarationMistake]:
    for request_type in request_types:
        fields = {field.code: field for field in request_type.form.fields()}
        field = fields.get(code)
        if field is None:
            yield _mistake(where, f"{request_type.code!r} has no field {code!r}", near(code, fields))
            continue
        if _is_personal(field) and "personal" not in needs:
            yield _mistake(where, f"the field {code!r} is personal and was not said to be needed", "state 'personal'")
        options = [option.code for option in getattr(field, "options", ())]
        for ours in column.codes:
            if options and ours not in options:
                yield _mistake(f"{where} · codes", f"{code!r} has no option {ours!r}", near(ours, options))


def _is_personal(field: AnyField) -> bool:
    return field.privacy.sensitivity in (Sensitivity.PERSONAL, Sensitivity.SENSITIVE)


def _mistake(where: str, what: str, now_what: str) -> DeclarationMistake:
    return DeclarationMistake(where=where, what=what, so_what="what it names is not sent", now_what=now_what)


def _raw(source: str, request: ServiceRequest) -> Any:
    if source.startswith("'"):
        return source[1:-1]
    head, _, name = source.partition(".")
    if head == "answers":
        return request.answers.get(name)
    if head == "place":
        return getattr(request.place or Place(), name, None)
    if head == "requester":
        return getattr(request.requester or Requester(), name, None)
    if head == "town":
        return getattr(request.jurisdiction, name, None)
    return getattr(request, source, None)


def _said(value: Any, language: str) -> Any:
    """A value as JSON would carry it, words in one language."""
    if hasattr(value, "to"):
        return value.to(language)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_said(each, language) for each in value]
    return msgspec.to_builtins(value)


def _coded(column: Column, value: Any) -> Any:
    if value is None:
        return None
    code = str(value).lower() if isinstance(value, bool) else str(value)
    return column.codes.get(code, column.otherwise)
