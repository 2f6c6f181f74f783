"""Hostile values and submissions, which must be answered with errors and never raise."""

from random import Random
from typing import Any

from parvis_sdk.forms import Form

WORDS: tuple[str, ...] = (
    "", " ", "\x00", "\ud800", "\u202egpj.exe", "a" * 100_000, "é" * 5_000, "' OR 1=1 --", "{{ 7 * 7 }}", "{reference}",
    "<script>alert(1)</script>", "../../etc/passwd", "1e999", "NaN", "-0", "٣", "2026-02-30", "0000-00-00", "25:61",
    "9" * 400,
)  # fmt: skip
NUMBERS: tuple[Any, ...] = (
    0, -1, 1, 10**15, 10**5_000, -(10**5_000), 0.1, 1e308, float("nan"), float("inf"), float("-inf"), True, False,
)  # fmt: skip
THINGS: tuple[Any, ...] = (
    None, [], [None], [""], [[]], [[[[]]]], ["a"] * 300, [1, "a", None, {}], {}, {"": ""}, {"lon": "x"},
    {"lon": 1e400, "lat": None}, {"year": 10**5_000, "month": [], "day": {}},
    {"type": "Polygon", "coordinates": [[[0]]]},
    {"geometry": {"type": "LineString", "coordinates": [[0, 0], ["a", {}]]}},
    {"0": {"0": {"0": {}}}}, b"bytes", object,
)  # fmt: skip
HOSTILE: tuple[Any, ...] = (*WORDS, *NUMBERS, *THINGS)


def deep(levels: int, kind: type = list) -> Any:
    """Something nested `levels` deep."""
    value: Any = "x"
    for _ in range(levels):
        value = [value] if kind is list else {"a": value}
    return value


def hostile_value(random: Random) -> Any:
    """One hostile value."""
    chance = random.random()
    if chance < 0.7:
        return random.choice(HOSTILE)
    if chance < 0.8:
        return deep(random.choice((5, 100, 900)), random.choice((list, dict)))
    size = random.randint(0, 5)
    if chance < 0.9:
        return [hostile_value(random) for _ in range(size)]
    return {random.choice(("0", "a", "lon", "lat", "\ud800", "")): hostile_value(random) for _ in range(size)}


def hostile_answers_for(form: Form, random: Random) -> dict[str, Any]:
    """A hostile value for some questions, and questions that do not exist."""
    answers = {field.code: hostile_value(random) for field in form.fields() if random.random() < 0.8}
    if random.random() < 0.3:
        answers[random.choice(("nobody_asked", "__proto__", "", "\ud800", "a" * 10_000))] = hostile_value(random)
    return answers
