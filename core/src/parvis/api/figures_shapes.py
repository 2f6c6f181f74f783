"""The shapes of figures, as programs read them."""

from datetime import date

from msgspec import Struct


class FiguresLine(Struct, frozen=True, kw_only=True):
    """One type, unit, zone or channel, or everything; what each figure means stands in `definitions`."""

    code: str
    received: int
    finished: int
    standing: int
    late: int
    median_days: float | None
    ninetieth_days: float | None
    kept: int
    broken: int
    settled: int
    unsettled: int
    promised_days: float | None
    answered: int
    first_answer_days: float | None
    first_answer_ninetieth_days: float | None
    reopened: int
    reopened_again: int
    broken_by_reopening: int


class FiguresAge(Struct, frozen=True, kw_only=True):
    """How many open requests were received between two days, both included; null is without end."""

    since: date | None
    until: date
    requests: int


class FiguresDefinition(Struct, frozen=True, kw_only=True):
    """What a figure is called and what is counted, in the language of the call."""

    title: str
    meaning: str


class FiguresWeek(Struct, frozen=True, kw_only=True):
    """Seven days from a Monday."""

    monday: date
    received: int
    finished: int


class FiguresShape(Struct, frozen=True, kw_only=True):
    """What came in a period, what stands now, what was finished and how fast."""

    since: date
    until: date
    total: FiguresLine
    by_type: list[FiguresLine]
    by_unit: list[FiguresLine]
    by_zone: list[FiguresLine]
    by_channel: list[FiguresLine]
    weeks: list[FiguresWeek]
    phases: dict[str, int]
    channels: dict[str, int]
    ages: list[FiguresAge]
    definitions: dict[str, FiguresDefinition]
