"""The mapping file: which column is what, and what the words of the old system are called here."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

import msgspec
from msgspec import Struct

from parvis.cli.troubles import Unusable
from parvis.jurisdictions import Jurisdiction
from parvis_migration.projections import is_projection
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Channel, Phase
from parvis_sdk.workflow import State

ANY_OTHER = "*"  # in a table of words: every word that it does not name
LINKS = ("part_of", "duplicate_of", "related")  # columns with the number of another request
Outside = Literal["without_point", "refuse"]


class Columns(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The column of each thing; empty where the file has none."""

    number: str
    type: str = ""
    state: str = ""
    submitted: str
    closed: str = ""
    updated: str = ""
    unit: str = ""
    channel: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    lon: str = ""
    lat: str = ""
    address: str = ""
    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    journal: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    part_of: str = ""
    duplicate_of: str = ""
    related: str = ""

    def each(self) -> Iterator[tuple[str, str]]:
        """What each column is for, and its name."""
        for use in self.__struct_fields__:
            named = getattr(self, use)
            yield from ((use, name) for name in ((named,) if isinstance(named, str) else named) if name)


class FieldMapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the rows of one old system become requests. `source` is its name: old numbers are known by it for ever."""

    source: str
    columns: Columns
    language: str = "fr"
    time_zone: str = ""  # of moments without an offset; that of the town where nothing is said
    day_first: bool = True
    projection: str = "degrees"
    outside: Outside = "without_point"
    most_at_one_point: int = 100  # requests; more of them were put there by a machine
    types: dict[str, str] = {}
    states: dict[str, str] = {}
    units: dict[str, str] = {}
    channels: dict[str, str] = {}
    answers: dict[str, str] = {}  # a field of the form, and its column


PHASES = tuple(phase.value for phase in Phase)


def read_mapping(path: Path) -> FieldMapping:
    """The mapping of a file, or a sentence that says what is wrong with it."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), FieldMapping)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise Unusable(f"{path}: {error}") from None


def mistakes_in(
    mapping: FieldMapping, columns: tuple[str, ...], town: Jurisdiction, types: Mapping[str, RequestType]
) -> Iterator[str]:
    """What the mapping names that is not there."""
    named = [*mapping.columns.each(), *((f"answers.{field}", name) for field, name in mapping.answers.items())]
    for use, name in named:
        if name not in columns:
            yield f"columns.{use}: the file has no column {name!r}"
    for use in LINKS:
        if getattr(mapping.columns, use) == mapping.columns.number:
            yield f"columns.{use}: {mapping.columns.number!r} has the number of the row itself, not of another"
    if bool(mapping.columns.lon) != bool(mapping.columns.lat):
        yield "columns.lon, columns.lat: name both, or neither: one alone is no point"
    asked = {field.code for each in types.values() for field in each.form.fields()}
    for code in mapping.answers:
        if code not in asked:
            yield f"answers.{code}: no request type of {town.code} asks that"
    for word, code in mapping.types.items():
        if code and code not in types:
            yield f"types.{word}: {town.code} has no request type {code!r}"
    states = {state.code for each in types.values() for state in each.workflow.states} | set(PHASES)
    for word, code in mapping.states.items():
        if code and code not in states:
            yield f"states.{word}: {code!r} is neither a phase ({', '.join(PHASES)}) nor a state"
    for word, code in mapping.units.items():
        if code and town.unit(code) is None:
            yield f"units.{word}: {town.code} has no unit {code!r}"
    for word, code in mapping.channels.items():
        if code not in Channel.__args__:  # type: ignore[attr-defined]
            yield f"channels.{word}: {code!r} is none of {', '.join(Channel.__args__)}"  # type: ignore[attr-defined]
    if not mapping.columns.type and ANY_OTHER not in mapping.types:
        yield f"columns.type: name a column, or one type for all rows: types.{ANY_OTHER}"
    if mapping.time_zone and mapping.time_zone not in available_timezones():
        yield f"time_zone: there is no zone {mapping.time_zone!r}"
    if mapping.language not in town.languages:
        yield f"language: one of {', '.join(town.languages)}"
    if not is_projection(mapping.projection):
        yield f"projection: {mapping.projection!r} is not known"


def word_for(table: Mapping[str, str], word: str) -> str | None:
    """What a word of the old system is here; empty where its rows are left out, None where nobody has said."""
    return table.get(word, table.get(ANY_OTHER))


def state_for(request_type: RequestType, code: str) -> State | None:
    """The state of a workflow that a word of the mapping means: itself, or the first of a phase or of a nearer one."""
    by_code = {state.code: state for state in request_type.workflow.states}
    if code in by_code:
        return by_code[code]
    nearer = {"decided": ("decided", "closed"), "waiting_for_you": ("waiting_for_you", "in_progress", "received")}
    for phase in nearer.get(code, (code, "received") if code == "in_progress" else (code,)):
        found = [state for state in request_type.workflow.states if state.phase == phase]
        usual = (state for state in found if state.code in USUAL_ENDS)
        if found:
            return next(usual, found[0]) if phase == "closed" else found[0]
    return None


USUAL_ENDS = ("closed", "done", "resolved", "completed", "repaired")  # before a refusal or a withdrawal


def as_toml(mapping: FieldMapping, comments: Mapping[str, str]) -> str:
    """The mapping as a file for people to correct; `comments` stand after the lines of these keys."""
    lines: list[str] = []
    whole: dict[str, Any] = msgspec.to_builtins(mapping)
    plain = {name: value for name, value in whole.items() if not isinstance(value, dict)}
    lines += _lines_of(plain, "", comments)
    for name, table in whole.items():
        if isinstance(table, dict):
            lines += ["", f"[{name}]", *_lines_of(table, f"{name}.", comments)]
    return "\n".join(lines) + "\n"


def _lines_of(table: Mapping[str, Any], within: str, comments: Mapping[str, str]) -> Iterator[str]:
    for name, value in table.items():
        key = name if name.isascii() and name.isidentifier() else json.dumps(name, ensure_ascii=False)
        said = comments.get(f"{within}{name}", "")
        yield f"{key} = {json.dumps(value, ensure_ascii=False)}" + (f"  # {said}" if said else "")
