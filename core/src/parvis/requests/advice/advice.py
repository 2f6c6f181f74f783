"""Answers that stand in place of a request: what is said, how it is counted, and who may file all the same."""

from collections.abc import Collection
from datetime import date
from typing import Literal

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Deflection as ToldRow
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.host import Host
from parvis_sdk.problems import Problem
from parvis_sdk.text import Text

AdviceKind = Literal["stop", "divert", "schedule", "operation"]
CODES: dict[AdviceKind, str] = {
    "stop": "stopped",
    "divert": "diverted",
    "schedule": "not_today",
    "operation": "operation_under_way",
}


class Advice(Struct, frozen=True, kw_only=True):
    """An answer that stands in place of a request.

    With words in `insist`, whoever asks may file all the same; without them only the people of the town, with a reason.
    `link`, `phone` and `to` (another type) are where to turn; `follow` is the reference of what is followed
    instead, with the words of the buttons to follow it and to see it.
    """

    kind: AdviceKind
    code: str
    title: Text
    text: Text
    path: str = "place"
    insist: Text | None = None
    link: str = ""
    phone: str = ""
    to: str = ""
    follow: str = ""
    follow_words: Text = Text(fr="")
    see_words: Text = Text(fr="")

    @property
    def mark(self) -> str:
        """What is counted, and what a person insists on."""
        return f"{self.kind}:{self.code}"

    def problem(self) -> Problem:
        """The same as the answer to a machine, or to a form that was sent anyway."""
        title = self.title.each(lambda words, _: f"{words}.")
        turning = (Text(fr=words, en=words) for words in (self.link, self.phone, self.follow))
        message = joined(title, self.text, *turning).each(lambda words, _: " ".join(words.split("\n")))
        return Problem(path=self.path, code=CODES[self.kind], message=message)


class Insistence(Struct, frozen=True, kw_only=True):
    """What a person files in spite of: the marks of advice (None: of any), why, and whether they are of the town."""

    marks: frozenset[str] | None = None
    reason: str = ""
    by_town: bool = False

    def overrules(self, advice: Advice) -> bool:
        """Whether this is filed although that was said."""
        allowed = (self.by_town and bool(self.reason)) or advice.insist is not None
        return allowed and (self.marks is None or advice.mark in self.marks)


NOBODY = Insistence(marks=frozenset())


def joined(*parts: Text, by: str = " ") -> Text:
    """Sentences one after the other, those that say nothing left out."""
    said = [part for part in parts if part.fr]
    return Text(fr=by.join(part.fr for part in said), en=by.join(part.to("en") for part in said))


What = Literal["told", "settled", "insisted"]
WHATS: tuple[What, ...] = ("told", "settled", "insisted")
COUNT = """
INSERT INTO told (id, jurisdiction, type, answer, day, told, settled, insisted)
VALUES ({{}}, {{}}, {{}}, {{}}, {{}}, {told}, {settled}, {insisted})
ON CONFLICT (jurisdiction, type, answer, day) DO UPDATE SET {what} = told.{what} + 1
"""
SUMMED = """
SELECT type, answer, SUM(told) AS told, SUM(settled) AS settled, SUM(insisted) AS insisted FROM told
WHERE jurisdiction = {{}} AND day >= {{}} AND day <= {{}}{types} GROUP BY type, answer
"""


class DeflectionCount(Struct, frozen=True, kw_only=True):
    """One answer over some days: how often it was given, how often it helped, how often people filed all the same."""

    type: str
    answer: str
    told: int
    settled: int
    insisted: int


async def count(host: Host, town: Jurisdiction, type_code: str, answers: Collection[str], what: What) -> None:
    """Count these answers today."""
    if answers:
        async with transaction(host.engine):
            await count_within(town, type_code, answers, what)


async def count_within(town: Jurisdiction, type_code: str, answers: Collection[str], what: What) -> None:
    """The same inside a transaction that does more."""
    first = {name: int(name == what) for name in WHATS}
    day = local_day(town.calendar, clock.now()).isoformat()
    for answer in sorted(answers):
        await ToldRow.raw(COUNT.format(what=what, **first), new_id(), town.code, type_code, answer[:130], day)


async def told_between(
    jurisdiction: str, since: date, until: date, types: tuple[str, ...] = ()
) -> tuple[DeflectionCount, ...]:
    """Everything counted from one day to another, both included, the most told first; one statement."""
    narrowed = f" AND type IN ({', '.join(['{}'] * len(types))})" if types else ""
    rows = await ToldRow.raw(SUMMED.format(types=narrowed), jurisdiction, since.isoformat(), until.isoformat(), *types)
    found = [
        DeflectionCount(type=row["type"], answer=row["answer"], **{each: int(row[each] or 0) for each in WHATS})
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (-(one.told + one.settled), one.type, one.answer)))
