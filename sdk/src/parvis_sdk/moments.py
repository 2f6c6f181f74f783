"""The points in time at which facts of a part come true, and the facts that a step causes."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from msgspec import Struct

from parvis_sdk.days import Zoned, local_day

Thing = TypeVar("Thing")


class Moment(Struct, frozen=True, kw_only=True, order=True):
    """When time brings a fact about, and its word."""

    at: datetime
    word: str


class Occasion(Struct, frozen=True, kw_only=True):
    """When a step brings facts about, in which town, with which answers.

    `given` are the answers to the step itself, `answers` all that stand with it: the form's, those of steps over them.
    `seasons` holds the month and the day on which each season of the town ends, by its code.
    """

    at: datetime
    town: Zoned
    given: Mapping[str, Any] = {}
    answers: Mapping[str, Any] = {}
    seasons: Mapping[str, tuple[int, int]] = {}

    @property
    def today(self) -> date:
        """The day that it is in the town."""
        return local_day(self.town, self.at)


def gone_through(
    thing: Thing,
    seen: datetime,
    now: datetime,
    ahead: Callable[[Thing], tuple[Moment, ...]],
    after: Callable[[Thing, str], tuple[Thing, tuple[str, ...]]],
) -> tuple[Thing, tuple[str, ...]]:
    """The state reached between the last processed moment and now, and the facts established meanwhile, in order.

    `ahead` gives the moments ahead of a state, `after` the state after one of them. After a pause several moments may
    have passed; each is processed in turn.
    """
    words: list[str] = []
    while (at := next_after(ahead(thing), seen)) is not None and at <= now:
        for word in [each.word for each in ahead(thing) if each.at == at]:
            thing, came = after(thing, word)
            words += came
        seen = at
    return thing, tuple(words)


def next_after(ahead: tuple[Moment, ...], seen: datetime) -> datetime | None:
    """The first of these moments that was not processed."""
    return min((each.at for each in ahead if each.at > seen), default=None)


def still_news(words: tuple[str, ...], overtaken: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The words of facts, once each, without those that a later one replaces."""
    gone = {old for word in words for old in overtaken.get(word, ())}
    return tuple(word for word in dict.fromkeys(words) if word not in gone)
