"""What goes where, and whose value stays where both sides changed one; pure."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, structs

from parvis_crm_connector.settings import Rule, Settings
from parvis_sdk.fields import Sensitivity
from parvis_sdk.mapping import BY_CONTACT, Mapped, column_of, instead, mapped, value_of
from parvis_sdk.requests import Requester, ServiceRequest
from parvis_sdk.subscriptions import Need

CASES, CONTACTS = "incidents", "contacts"
STATE = ("statecode", "statuscode")
RESOLVED = 1
PERSONAL = (Sensitivity.PERSONAL, Sensitivity.SENSITIVE)
OF_THE_REQUEST = ("answers.", "place.", "requester.", "tracking_url", "public_url")
Values = dict[str, Any]


class ComparisonMarks(Struct, frozen=True, kw_only=True):
    """Marks of what we wanted and of what stood there when both sides were last compared."""

    ours: Values = {}
    theirs: Values = {}


class MergeResult(Struct, frozen=True, kw_only=True):
    """What is to be written, what they changed that stays, and what they changed that ours replaces."""

    write: Values = {}
    taken: Values = {}
    replaced: Values = {}


def tables(settings: Settings, to: str) -> tuple[Mapped, ...]:
    """Every way in which requests stand in one of their tables."""
    return tuple(each for each in settings.mappings if each.to == to)


def table(settings: Settings, to: str, request_type: str) -> Mapped | None:
    """How requests of that type stand in one of their tables."""
    return mapped(tables(settings, to), request_type)


def is_named(request: ServiceRequest) -> bool:
    """Whether the person may be known there: never one who asks in confidence or without a name."""
    return request.requester is not None and request.requester.mode == "named"


def row_to_send(mapping: Mapped, request: ServiceRequest, needs: Sequence[Need]) -> Values:
    """Their columns with our values: those only that the settings name and that were said to be needed."""
    shown = request if is_named(request) else _without_person(request)
    return {
        name: value_of(column_of(column), shown)
        for name, column in mapping.columns.items()
        if _may_go(column_of(column).source, request, needs)
    } | instead(mapping, request)


def _without_person(request: ServiceRequest) -> ServiceRequest:
    mode = request.requester.mode if request.requester else "anonymous"
    plain = {code: answer for code, answer in request.answers.items() if not _is_personal(request, code)}
    return structs.replace(request, requester=Requester(mode=mode), tracking_url="", answers=plain)


def _may_go(source: str, request: ServiceRequest, needs: Sequence[Need]) -> bool:
    if source.startswith(BY_CONTACT):
        return "contact" in needs
    head, _, code = source.partition(".")
    return head != "answers" or "personal" in needs or not _is_personal(request, code)


def _is_personal(request: ServiceRequest, code: str) -> bool:
    field = request.questions.get(code)
    return field is not None and field.privacy.sensitivity in PERSONAL


def columns_from(mapping: Mapped, source: str) -> tuple[str, ...]:
    """Their columns that hold one fact of ours."""
    return tuple(name for name, column in mapping.columns.items() if column_of(column).source == source)


def columns_to_blank(mapping: Mapped) -> tuple[str, ...]:
    """Their columns that hold something of the request itself and not of how it stands."""
    return tuple(
        name for name, column in mapping.columns.items() if column_of(column).source.startswith(OF_THE_REQUEST)
    )


def rules_for(settings: Settings, mapping: Mapped) -> Callable[[str], Rule]:
    """The rule of each column: what the settings say, else "newest" for the state, "ours" for the rest of a case and
    "theirs" for a contact, which others fill in as well."""
    said = settings.conflicts.get(mapping.to, {})
    usual: Rule = "theirs" if mapping.to == CONTACTS else "ours"

    def rule(name: str) -> Rule:
        if name in (*STATE, mapping.read) and mapping.to == CASES:
            return next((said[each] for each in (mapping.read, *STATE) if each in said), "newest")
        return said.get(name, usual)

    return rule


def merge(
    want: Mapping[str, Any],
    there: Mapping[str, Any],
    known: ComparisonMarks | None,
    rule: Callable[[str], Rule],
    *,
    ours_is_newer: bool,
    by_us: bool = False,
    insist: bool = False,
) -> MergeResult:
    """Three ways: what we want, what stands there, and both as they were when they were last compared.

    `by_us` says that nobody else touched the record after us; `insist` writes what is ours though nothing changed.
    """
    write: Values = {}
    taken: Values = {}
    replaced: Values = {}
    for names in _together(want):
        if all(same(want[name], there.get(name)) for name in names):
            continue
        is_new = known is None or any(name not in known.theirs for name in names)
        we = known is None or any(marked(want[name]) != known.ours.get(name) for name in names)
        they = not by_us and (known is None or any(marked(there.get(name)) != known.theirs.get(name) for name in names))
        ruled = rule(names[0])
        if not we and not they and not (insist and ruled == "ours"):
            continue  # a difference that was settled before
        empty = is_new and all(there.get(name) in (None, "") for name in names)
        if not they or empty or ruled == "ours" or (we and ruled == "newest" and ours_is_newer):
            write |= {name: want[name] for name in names}
            if they and not is_new:
                replaced |= {name: there.get(name) for name in names if not same(want[name], there.get(name))}
        elif not is_new:
            taken |= {name: there.get(name) for name in names}
    return MergeResult(write=write, taken=taken, replaced=replaced)


def state_there(
    mapping: Mapped, merged: MergeResult, there: Values, known: ComparisonMarks | None, *, by_us: bool
) -> Any:
    """The state that they chose and that stays; None where they chose none."""
    if mapping.read in merged.taken:
        return merged.taken[mapping.read]
    if not mapping.read or mapping.read in mapping.columns or known is None or by_us:
        return None
    now = there.get(mapping.read)
    return None if marked(now) == known.theirs.get(mapping.read) else now


def _together(want: Iterable[str]) -> list[tuple[str, ...]]:
    """The columns of the state are decided as one."""
    names = tuple(want)
    state = tuple(name for name in STATE if name in names)
    return [*([state] if state else []), *((name,) for name in names if name not in STATE)]


def known_of(kept: Any) -> ComparisonMarks | None:
    """What was remembered of a record."""
    if not isinstance(kept, dict):
        return None
    return ComparisonMarks(ours=kept.get("ours") or {}, theirs=kept.get("theirs") or {})


def marks(values: Mapping[str, Any]) -> Values:
    """Values as they are remembered: they can be compared and not read."""
    return {name: marked(value) for name, value in values.items()}


def marked(value: Any) -> str:
    """A short digest of what a value says."""
    said = _said(value)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:24] if said else ""


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same; nothing and no words do, and one moment however it is written."""
    return _said(one) == _said(other)


def _said(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return repr(float(value))
    words = str(value)
    try:
        at = datetime.fromisoformat(words) if len(words) > len("2026-11-25") else None
    except ValueError:
        return words
    return at.astimezone(UTC).isoformat() if at is not None and at.tzinfo is not None else words
