"""Curves over weeks, drawn on the server: time runs from left to right, with last year and the target.

A drawing is worked out once for the same numbers. Colours, strokes and letters are those of the styles. What a curve is
shows by its stroke and its dots too, never by colour alone, and all its numbers stand in the table by week.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

WIDTH, HEIGHT = 600, 162
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 8, 28
MOST_LABELS = 5
STEPS = (1, 2, 5)
Point = tuple[float, float]


class Curve(Struct, frozen=True, kw_only=True):
    """One line: what it is (`kind` of the sheet), the path through its weeks, and a dot for each of them."""

    name: str
    kind: str
    path: str
    dots: tuple[Point, ...]


class Chart(Struct, frozen=True, kw_only=True):
    """Curves over the same weeks; `across` and `up` say where which label stands."""

    curves: tuple[Curve, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


class Series(Struct, frozen=True, kw_only=True):
    """What a curve goes through, week by week; None leaves a gap."""

    name: str
    kind: str
    values: tuple[float | None, ...]


@lru_cache(maxsize=500)
def chart(series: tuple[Series, ...], weeks: tuple[str, ...], levels: tuple[tuple[float, str], ...]) -> Chart:
    """These series over weeks called so, between 0 and the last of the levels."""
    most = levels[-1][0]
    return Chart(
        curves=tuple(_curve(each, most) for each in series),
        across=tuple((_x(at, len(weeks)), weeks[at]) for at in _labelled(len(weeks))),
        up=tuple((_y(level, most), words) for level, words in levels),
    )


def round_top(numbers: Sequence[float | None]) -> int:
    """The first round number that none of these is above."""
    most = max((number for number in numbers if number is not None), default=0)
    power = 1
    while True:
        for step in STEPS:
            if step * power >= max(most, 4):
                return step * power
        power *= 10


def _curve(series: Series, most: float) -> Curve:
    runs, dots = [], []
    for run in _runs(series.values):
        points = [(_x(at, len(series.values)), _y(value, most)) for at, value in run]
        runs.append("M" + "L".join(f"{x:g},{y:g}" for x, y in points))
        dots += points
    return Curve(name=series.name, kind=series.kind, path="".join(runs), dots=tuple(dots))


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Weeks without a gap between them."""
    run = list[tuple[int, float]]()
    for at, value in enumerate(values):
        if value is not None:
            run.append((at, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _labelled(weeks: int) -> Sequence[int]:
    """The first week and some others, evenly."""
    return range(0, weeks, -(-weeks // MOST_LABELS) or 1)


def _x(at: int, weeks: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (at + 0.5) / max(weeks, 1), 1)


def _y(value: float, most: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most), 1)
