"""The situation in which something happens to a request at the pretend desk, and its effects."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from parvis_sdk.events import Event
from parvis_sdk.fields import AnyField
from parvis_sdk.moments import Occasion
from parvis_sdk.parts import Part
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Town
from parvis_sdk.standing_answers import AnsweredAgain, asked_by, standing_answers
from parvis_sdk.testing.cases import Case
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

Facts = dict[str, dict[str, Text]]
Write = Callable[[], None]


class Situation(Struct, frozen=True, kw_only=True):
    """A request, the time, and the transition being made with its answers, if any.

    `ends` holds the end that the step gives to each validity, `said` what its other facts have to say, `numbers` the
    last number of each series of documents, of all requests at the desk, `counted` those that the step takes itself.
    """

    case: Case
    at: datetime
    town: Town
    move: str = ""
    given: Mapping[str, Any] = {}
    ends: dict[str, datetime | None] = {}
    said: dict[str, Text] = {}
    numbers: dict[str, int] = {}
    counted: dict[str, int] = {}

    @property
    def request_type(self) -> RequestType:
        """The declaration of the request."""
        return self.case.request_type

    @property
    def asked_now(self) -> AnsweredAgain:
        """The answers of the transition itself."""
        return asked_by(self.request_type, self.move, self.given)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers including those of this transition."""
        own = self.case.submission.answers
        return standing_answers(self.request_type, own, self.case.answered, self.asked_now)

    @property
    def fields(self) -> dict[str, AnyField]:
        """The questions of these answers."""
        asked = self.request_type.workflow.transition(self.move)
        now = {field.code: field for field in asked.asks.fields()} if asked else {}
        return {field.code: field for field in self.request_type.form.fields()} | self.case.answered.fields | now

    @property
    def occasion(self) -> Occasion:
        """The same as the rules of parts ask for it."""
        return Occasion(at=self.at, town=self.town, given=self.given, answers=self.answers)

    def brings(self, fact: str) -> bool:
        """Whether the transition also causes this fact."""
        workflow = self.request_type.workflow
        transition = workflow.transition(self.move)
        return transition is not None and fact in workflow.brought_by(transition)


class Effects(Struct, frozen=True, kw_only=True):
    """What something comes to: what changes, and the facts that thereby come true, with what may be said of each.

    `untold` are facts that are not told by themselves; `events` what else is announced, by its details.
    """

    writes: tuple[Write, ...] = ()
    facts: Facts = {}
    untold: frozenset[str] = frozenset()
    events: tuple[tuple[type[Event], dict[str, Any]], ...] = ()


class PretendKind(Struct, frozen=True, kw_only=True):
    """One kind of part: how a step brings its facts about, which stand, when time brings it something, and what.

    `end` is for a request that is closed. What is `brought_last` says what the other facts of a step came to. Facts
    that are `unplayed` come true only where a test says that they happen: in the host people bring them about, and they
    change nothing that the desk keeps.
    What a step brings about of a kind that `has_page` is prepared by people on a page before it.
    """

    noun: type[Part]
    bring: Callable[[Situation, Any, str], Effects | Denied | Problems]
    standing: Callable[[Case, datetime], Iterator[str]]
    moment: Callable[[Case, Town], datetime | None] = lambda case, town: None
    wake: Callable[[Situation], Effects] = lambda here: Effects()
    end: Callable[[Case], None] = lambda case: None
    brought_last: bool = False
    unplayed: frozenset[str] = frozenset()
    has_page: bool = False


def put(things: list[Any], place: int, thing: Any) -> Write:
    """The write that puts a thing at a place of a list."""

    def write() -> None:
        things[place] = thing

    return write


def add(things: list[Any], thing: Any) -> Write:
    """The write that adds a thing to a list."""
    return lambda: things.append(thing)


def business_days_after(at: datetime, days: int) -> datetime:
    """The same time a number of business days later, Monday to Friday, because no town's holidays are known here."""
    day = at
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
