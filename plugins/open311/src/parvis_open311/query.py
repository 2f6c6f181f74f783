"""What a list of requests is asked for: its arguments read, and what cannot be read refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.search import Filters
from parvis_open311.refusals import refused
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase

SPAN = timedelta(days=90)
MOST = 1000  # of one answer, and in all without paging
STATUSES = ("open", "closed")
Asked = Mapping[str, tuple[str, ...]]


class Query(Struct, frozen=True, kw_only=True):
    """The requests that are wanted; `references` overrule everything else. `page` begins at 1."""

    filters: Filters
    references: tuple[str, ...] = ()
    page: int = 1
    page_size: int = MOST
    extensions: bool = False


def query_of(asked: Asked, types: tuple[RequestType, ...]) -> Query:
    """The arguments of `GET requests`; `types` are those whose requests everybody may read."""
    references, codes = listed(asked, "service_request_id"), listed(asked, "service_code")
    since, until = period(asked)
    known = tuple(each.code for each in types)
    wanted = tuple(code for code in codes if code in known) if codes else known
    filters = Filters(
        types=wanted or ("-",),  # none of those that were named: nothing is found
        since=since,
        until=until,
        updated_since=moment(asked, "updated_after"),
        updated_until=moment(asked, "updated_before"),
        conditions=status_condition(asked, types),
    )
    return Query(
        filters=filters,
        references=references[:MOST],
        page=whole(asked, "page", 1, 10_000),
        page_size=whole(asked, "page_size", MOST, MOST),
        extensions=is_extended(asked),
    )


def is_extended(asked: Asked) -> bool:
    return first(asked, "extensions") in ("true", "1")


def period(asked: Asked) -> tuple[datetime | None, datetime | None]:
    """Ninety days: those that end now, or that begin or end where one bound is given. None of them bind a list by
    changes."""
    since, until = moment(asked, "start_date"), moment(asked, "end_date")
    if since and until and until - since > SPAN:
        raise refused(
            400, "De start_date à end_date, 90 jours au plus.", "From start_date to end_date, 90 days at most."
        )
    if since is None and until is None:
        is_by_changes = first(asked, "updated_after") or first(asked, "updated_before")
        return (None, None) if is_by_changes else (clock.now() - SPAN, None)
    # Both bounds are included, to the second in which clients count.
    if until is not None:
        return since or until - SPAN, until + timedelta(seconds=1)
    return since, since + SPAN + timedelta(seconds=1) if since else None


def status_condition(asked: Asked, types: tuple[RequestType, ...]) -> tuple[ListCondition, ...]:
    wanted = set(listed(asked, "status"))
    if unknown := sorted(wanted - set(STATUSES)):
        raise refused(
            400, f"status ne peut pas être {unknown[0][:40]} : open ou closed.", "status is open or closed, or both."
        )
    if len(wanted) != 1:
        return ()
    working = tuple((each.code, state) for each in types for state in working_states(each))
    at_work = " OR ".join(["(type = {} AND state = {})"] * len(working)) or "1 = 0"
    closed = f"(phase = 'closed' OR (phase = 'decided' AND NOT ({at_work})))"
    values = tuple(value for pair in working for value in pair)
    return (ListCondition(closed if wanted == {"closed"} else f"NOT {closed}", values),)


def is_open(request_type: RequestType, state: str, phase: str) -> bool:
    """Five phases are two words: what is decided is open as long as work remains by the workflow."""
    return phase not in (Phase.DECIDED, Phase.CLOSED) or state in working_states(request_type)


def working_states(request_type: RequestType) -> frozenset[str]:
    """The decided states of a type in which the town still works: from them it goes on to another decided state."""
    flow = request_type.workflow
    decided = {state.code for state in flow.states if state.phase is Phase.DECIDED}
    return frozenset(
        source
        for move in flow.transitions
        if move.target in decided and {"agent", "manager"} & set(move.by)
        for source in move.sources
        if source in decided and source != move.target
    )


def moment(asked: Asked, name: str) -> datetime | None:
    given = first(asked, name)
    if not given:
        return None
    wrong = refused(
        400,
        f"{name} doit être une date avec son fuseau, comme 2026-11-25T08:00:00-05:00.",
        f"{name} must be a date with its zone, like 2026-11-25T08:00:00-05:00.",
    )
    try:
        at = msgspec.convert(given.replace(" ", "+"), datetime)  # a plus sign that was not encoded is a space
    except msgspec.ValidationError:
        raise wrong from None
    if at.tzinfo is None or not 1900 <= at.year <= 2200:
        raise wrong
    return at


def whole(asked: Asked, name: str, usual: int, most: int) -> int:
    given = first(asked, name)
    if not given:
        return usual
    if not (given.isascii() and given.isdigit() and len(given) < 7 and 1 <= int(given) <= most):
        raise refused(400, f"{name} va de 1 à {most}.", f"{name} goes from 1 to {most}.")
    return int(given)


def listed(asked: Asked, name: str) -> tuple[str, ...]:
    """Values with commas between them, or the same argument several times."""
    return tuple(each.strip() for given in asked.get(name, ()) for each in given.split(",") if each.strip())


def first(asked: Asked, name: str) -> str:
    return next(iter(asked.get(name, ())), "").strip()
