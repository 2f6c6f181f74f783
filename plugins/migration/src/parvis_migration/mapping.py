"""The mapping file: which column is what, and what the words of the old system are called here."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase
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
