"""Finding other requests: the scope that a noun of a plugin declares, and what it receives within it.

    LOST = Scope(types=("lost_thing",), answers=("sort", "colour"), place=True)

    @on(Submitted, types=("found_thing",), finds=(LOST,))
    async def match(event: Submitted, request: ServiceRequest, finder: Finder) -> Outcome | None:
        for each in await finder.find(type="lost_thing", near=(request.place, 500), answers={"sort": "bicycle"}): ...

Nothing is found before the operator has granted the scope of a town, nor once the grant is revoked. Requests of other
towns, those whose person was erased, those that are restricted and those that go on with another are never found.

A panel and a chore declare `finds` as well, and find by `connection.finder`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from math import cos, hypot, radians
from typing import Any, Literal, Protocol

from msgspec import Struct

from parvis_sdk.fields import File, Photo, Sensitivity, identifies
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase, Place
from parvis_sdk.standing_answers import OPEN, those

MOST = 50  # requests that one call finds
MOST_VALUES = 200  # of one answer that are searched by at once
MOST_CALLS = 20  # of one handler for one event, of a chore in one turn
FARTHEST = 10_000  # metres
METRES_PER_DEGREE = 111_320.0
ScopeNeed = Literal["personal"]
Near = tuple[Place | None, float]
NO_TYPE = "type={type!r} is in no scope that is declared here: {known}"
NO_ANSWER = "the answer {code!r} is not in the scope of {type!r}: {known}"
NO_PLACE = "the scope of {type!r} has no place: declare Scope(place=True) to search near one"
NO_METRES = "near=(place, {metres}) is beyond the limits: give from 1 to {farthest} metres"
NAIVE = "since={since} has no time zone"
TOO_MANY_VALUES = "answers={{{code!r}: …}} holds {count} values; the most is {most}"
TOO_MANY = "find() was called more than {most} times in one run"


class OutsideScope(ValueError):
    """A search of a `Finder` that its declared scope does not allow, or that exceeds its limits."""


class Scope(Struct, frozen=True, kw_only=True):
    """The other requests that a handler, a panel or a chore may find, and what it receives about them.

    `types` are codes of request types, of this plugin or others; `answers` are the codes of answers that it receives
    and can search by; `place` says whether it receives the place. A personal answer needs "personal" among `needs`; if
    it identifies a confidential person, it is left out. Sensitive answers are never given. `moves` are the steps that a
    handler may propose for these requests; a link and a message may always be proposed.
    """

    types: tuple[str, ...]
    answers: tuple[str, ...] = ()
    place: bool = False
    needs: tuple[ScopeNeed, ...] = ()
    moves: tuple[str, ...] = ()


class FoundRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another request, as far as the scope goes: `place` and `answers` only where it declares them. Time in UTC."""

    reference: str
    type: str
    state: str
    phase: Phase
    submitted_at: datetime
    place: Place | None = None
    answers: dict[str, Any] = {}


class Finder(Protocol):
    """Lent to a plugin with a granted scope, for one event, one page or one run of its chore."""

    async def find(
        self,
        *,
        type: str = "",
        near: Near | None = None,
        since: datetime | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> tuple[FoundRequest, ...]:
        """The newest requests of this type (all types of the scope by default), at most `MOST`, never the current one.

        `near` is a place and metres around it (at most `FARTHEST`); a place without a point is near nothing. `since`
        is when they were submitted at the earliest. `answers` are values by code, or collections of values, at most
        `MOST_VALUES`, of which one is enough; words count without capitals and outer spaces. Raises `OutsideScope` for
        what was not declared.
        """
        ...


class FindsNothing:
    """The finder of a noun without a scope or a grant."""

    def __init__(self, scopes: tuple[Scope, ...] = (), most: int = MOST_CALLS) -> None:
        self.scopes, self.most, self.calls = scopes, most, 0

    async def find(
        self,
        *,
        type: str = "",
        near: Near | None = None,
        since: datetime | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> tuple[FoundRequest, ...]:
        self.calls += 1
        checked(self.scopes, Query(type=type, near=near, since=since, answers=answers or {}), self.calls, self.most)
        return ()


class Query(Struct, frozen=True, kw_only=True):
    """What a handler asks for, as one value."""

    type: str = ""
    near: Near | None = None
    since: datetime | None = None
    answers: Mapping[str, Any] = {}


def checked(scopes: Sequence[Scope], query: Query, calls: int = 1, most: int = MOST_CALLS) -> dict[str, Scope]:
    """The scope of each type that is searched; raises `OutsideScope`. The rules of the kit and those of the host.

    `calls` are those so far, with this one; at most `most` are allowed.
    """
    by_type = {code: each for each in reversed(scopes) for code in each.types}
    if calls > most:
        raise OutsideScope(TOO_MANY.format(most=most))
    if query.type and query.type not in by_type:
        raise OutsideScope(NO_TYPE.format(type=query.type, known=", ".join(sorted(by_type)) or "—"))
    searched = {query.type: by_type[query.type]} if query.type else by_type
    for code, scope in searched.items():
        for answer in query.answers:
            if answer not in scope.answers:
                raise OutsideScope(
                    NO_ANSWER.format(code=answer, type=code, known=", ".join(scope.answers) or "—"),
                )
            wanted = query.answers[answer]
            count = len(wanted) if isinstance(wanted, Collection) and not isinstance(wanted, str) else 1
            if count > MOST_VALUES:
                raise OutsideScope(TOO_MANY_VALUES.format(code=answer, count=count, most=MOST_VALUES))
        if query.near is not None and not scope.place:
            raise OutsideScope(NO_PLACE.format(type=code))
    if query.near is not None and not 0 < query.near[1] <= FARTHEST:
        raise OutsideScope(NO_METRES.format(metres=query.near[1], farthest=FARTHEST))
    if query.since is not None and query.since.tzinfo is None:
        raise OutsideScope(NAIVE.format(since=query.since))
    return searched


def told_answers(
    scope: Scope, request_type: RequestType, answers: Mapping[str, Any], *, named: bool = True
) -> dict[str, Any]:
    """The answers that a scope allows; `named` says whether the person gave their name."""
    open_to = {*OPEN, *((Sensitivity.PERSONAL,) if "personal" in scope.needs else ())}
    wanted = [each for each in request_type.form.fields() if each.code in scope.answers]
    return those(
        wanted,
        answers,
        lambda field: (
            field.privacy.sensitivity in open_to
            and not isinstance(field, Photo | File)
            and (named or not identifies(field))
        ),
    )


def matches(query: Query, place: Place | None, submitted_at: datetime, told: Mapping[str, Any]) -> bool:
    """Whether a request matches the search; only what the scope allows counts."""
    if query.since is not None and submitted_at < query.since:
        return False
    if query.near is not None and not _is_near(place, *query.near):
        return False
    return all(code in told and _is_one_of(told[code], wanted) for code, wanted in query.answers.items())


def _is_near(place: Place | None, other: Place | None, metres: float) -> bool:
    if place is None or other is None or None in (place.lon, place.lat, other.lon, other.lat):
        return False
    (lon, lat), (to_lon, to_lat) = ((float(each.lon or 0), float(each.lat or 0)) for each in (place, other))
    east = (to_lon - lon) * METRES_PER_DEGREE * cos(radians((lat + to_lat) / 2))
    return hypot(east, (to_lat - lat) * METRES_PER_DEGREE) <= metres


def _is_one_of(value: Any, wanted: Any) -> bool:
    many = isinstance(wanted, Collection) and not isinstance(wanted, str | Mapping)
    return any(_is_same(value, each) for each in (wanted if many else (wanted,)))


def _is_same(value: Any, wanted: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_is_same(each, wanted) for each in value)
    if isinstance(value, str) and isinstance(wanted, str):
        return value.strip().casefold() == wanted.strip().casefold()
    return bool(value == wanted)
