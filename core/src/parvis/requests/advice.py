"""What is said to somebody who would file a request: by whom, how it is counted, and who may file all the same."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import MAXYEAR, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Deflection as ToldRow
from parvis.i18n import format_date, in_each
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import YearDay, local_day, span_around, within_year
from parvis.jurisdictions.places import locate
from parvis.requests.host import Host
from parvis_sdk.problems import Problem
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

NoticeKind = Literal["inform", "stop", "divert"]
AdviceKind = Literal["stop", "divert", "schedule", "operation"]
CODES: dict[AdviceKind, str] = {
    "stop": "stopped",
    "divert": "diverted",
    "schedule": "not_today",
    "operation": "operation_under_way",
}
OPENS = Text(fr="Ouvert de nouveau le {day}.", en="Open again on {day}.")


class Advice(Struct, frozen=True, kw_only=True):
    """An answer that stands in place of a request.

    With words in `insist`, the person may file all the same; without them only the people of the town, with a reason.
    `link`, `phone` and `to` (another type) are where to turn; `follow` is the reference of what is followed
    instead, with the labels of the buttons to follow it and to see it.
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


LAST_YEAR = MAXYEAR - 10  # in which a part of each year is looked for: no calendar goes on after it


class Notice(Struct, frozen=True, kw_only=True):
    """What a town wants known now. `types` and `zones` left empty are all of them; `to` is another type of request.

    A notice that stops or diverts answers everybody who asks for one of its types in one of its zones.
    """

    code: str
    title: Text
    kind: NoticeKind = "inform"
    text: Text = Text(fr="")
    since: datetime | None = None
    until: datetime | None = None
    every_year: tuple[YearDay, YearDay] | None = None
    time_zone: str = "America/Toronto"
    types: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    link: str = ""
    phone: str = ""
    to: str = ""
    urgent: bool = False
    follow: str = ""  # the reference of what it tells of, on its public page
    follow_words: Text = Text(fr="")

    def is_in_force(self, now: datetime) -> bool:
        """Whether it holds at that moment."""
        if (self.since and now < self.since) or (self.until and now >= self.until):
            return False
        today = now.astimezone(ZoneInfo(self.time_zone)).date()
        return self.every_year is None or within_year(today, *self.every_year)

    def occurrence(self, now: datetime) -> tuple[date, date] | None:
        """The first and the last day of this time or of the next, of one that holds each year; None after the last."""
        if self.every_year is None or (self.until and now >= self.until):
            return None
        zone = ZoneInfo(self.time_zone)
        since = self.since.astimezone(zone).date() if self.since else date.min
        looked_from = max(now.astimezone(zone).date(), since)
        if looked_from.year > LAST_YEAR:
            return None
        begins, ends = span_around(looked_from, *self.every_year)
        if self.until:
            ends = min(ends, (self.until - timedelta(microseconds=1)).astimezone(zone).date())
        return (max(begins, since), ends) if begins <= ends else None

    def is_about(self, type_code: str) -> bool:
        return not self.types or type_code in self.types

    def holds_in(self, zones: Iterable[str]) -> bool:
        """Whether it holds at a place that lies in these zones."""
        return not self.zones or not set(self.zones).isdisjoint(zones)


def lifts_nothing(host: Host, town: Jurisdiction) -> Collection[str]:
    """It lifts no notice of others."""
    return ()


class NoticeSource(Struct, frozen=True, kw_only=True):
    """What one owner posts for a town, from memory, and the codes of those `in_files` that it has lifted.

    `in_files`: they stand in the files of the town, where no page ends them.
    """

    posted: Callable[[Host, Jurisdiction], Sequence[Notice]]
    lifted: Callable[[Host, Jurisdiction], Collection[str]] = lifts_nothing
    in_files: bool = False


def notices_of(host: Host, jurisdiction: Jurisdiction, now: datetime) -> tuple[Notice, ...]:
    """The notices of this jurisdiction in force at that moment, urgent ones first."""
    standing = (one for one in notices_known(host, jurisdiction) if one.is_in_force(now))
    return tuple(sorted(standing, key=lambda one: not one.urgent))


def notices_known(host: Host, jurisdiction: Jurisdiction) -> tuple[Notice, ...]:
    """The notices of this jurisdiction that stand, those of other seasons too; the lifted ones left out."""
    sources = host.modules.heard(NoticeSource, jurisdiction)
    posted = [each for source in sources if not source.in_files for each in source.posted(host, jurisdiction)]
    lifted = {code for source in sources for code in source.lifted(host, jurisdiction)}
    return (*posted, *(each for each in notices_in_files(host, jurisdiction) if each.code not in lifted))


def notices_in_files(host: Host, jurisdiction: Jurisdiction) -> tuple[Notice, ...]:
    """Those in the files of the town, the lifted ones too."""
    sources = host.modules.heard(NoticeSource, jurisdiction)
    return tuple(each for source in sources if source.in_files for each in source.posted(host, jurisdiction))


def informing(
    host: Host, town: Jurisdiction, request_type: RequestType | None, zones: tuple[str, ...] | None
) -> tuple[Notice, ...]:
    """The notices to be read beside a service, or on the first page; with `zones` None, those of any zone."""
    return tuple(
        notice
        for notice in notices_of(host, town, clock.now())
        if (request_type is None or notice.is_about(request_type.code)) and (zones is None or notice.holds_in(zones))
    )


def notice_titles(host: Host, town: Jurisdiction) -> dict[str, Text]:
    """What the notices are called that somebody posts here, by code; those of modules that are off too."""
    return {each.code: each.title for source in host.modules.heard(NoticeSource) for each in source.posted(host, town)}


class AdviceInquiry(Struct, frozen=True, kw_only=True):
    """What somebody would file: its type, the place and its zones as far as they are known, and clean answers."""

    town: Jurisdiction
    request_type: RequestType
    place: Place | None
    zones: tuple[str, ...]
    answers: Mapping[str, Any]
    at: datetime


class AdviceSource(Struct, frozen=True, kw_only=True):
    """What one owner says of a request before it is filed; all but `advise` is told from memory.

    A `last` one counts only where nobody else has said anything. `asks_little`: only the necessary questions are put
    at that place now. `hints` are words above questions of the form, by the codes of these.
    """

    advise: Callable[[Host, AdviceInquiry], Awaitable[Sequence[Advice]]]
    last: bool = False
    asks_little: Callable[[Host, Jurisdiction, RequestType, Place | None], bool] | None = None
    hints: Callable[[Host, AdviceInquiry], Mapping[str, Text]] | None = None


async def advise(
    host: Host, town: Jurisdiction, request_type: RequestType, place: Place | None, answers: Mapping[str, Any]
) -> tuple[Advice, ...]:
    """What is said to somebody who would file this now, from clean answers; at most one statement."""
    asked = inquiry(town, request_type, place, answers)
    found = [
        of_notice(town, notice, asked.at)
        for notice in notices_of(host, town, asked.at)
        if notice.kind != "inform" and notice.is_about(request_type.code) and notice.holds_in(asked.zones)
    ]
    for source in sorted(host.modules.heard(AdviceSource, town), key=lambda each: each.last):
        if not (source.last and found):
            found += await source.advise(host, asked)
    return tuple(found)


def asks_little(host: Host, town: Jurisdiction, request_type: RequestType, place: Place | None) -> bool:
    """Whether only the necessary questions are put there now."""
    return any(
        source.asks_little(host, town, request_type, place)
        for source in host.modules.heard(AdviceSource, town)
        if source.asks_little is not None
    )


def hints(
    host: Host, town: Jurisdiction, request_type: RequestType, place: Place | None, answers: Mapping[str, Any]
) -> dict[str, Text]:
    """What is said above questions of the form, by their codes."""
    asked = inquiry(town, request_type, place, answers)
    heard = [each.hints for each in host.modules.heard(AdviceSource, town) if each.hints is not None]
    return {code: words for said in heard for code, words in said(host, asked).items()}


def inquiry(
    town: Jurisdiction, request_type: RequestType, place: Place | None, answers: Mapping[str, Any]
) -> AdviceInquiry:
    """What is known now of a request that somebody would file."""
    return AdviceInquiry(
        town=town, request_type=request_type, place=place, zones=zones_at(town, place), answers=answers, at=clock.now()
    )


def zones_at(town: Jurisdiction, place: Place | None) -> tuple[str, ...]:
    """The zones in which a place lies; none while nobody knows where it is."""
    if place is None or place.lon is None or place.lat is None:
        return ()
    return locate(town, place.lon, place.lat).zone_codes


def of_notice(town: Jurisdiction, notice: Notice, now: datetime) -> Advice:
    """A notice that stops or diverts, as an answer; where it does so each year, with the day on which that is over."""
    span = notice.occurrence(now) if notice.kind == "stop" else None
    opens = span[1] + timedelta(days=1) if span else None
    again = OPENS.format(day=in_each(town.time_zone, lambda: format_date(opens))) if opens else Text(fr="")
    return Advice(
        kind="stop" if notice.kind == "stop" else "divert",
        code=notice.code,
        title=notice.title,
        text=joined(notice.text, again, by="\n\n"),
        link=notice.link,
        phone=notice.phone,
        to=notice.to,
    )


What = Literal["told", "settled", "insisted"]
WHATS: tuple[What, ...] = ("told", "settled", "insisted")
COUNT = """
INSERT INTO told (id, jurisdiction, type, answer, day, told, settled, insisted)
VALUES ({{}}, {{}}, {{}}, {{}}, {{}}, {told}, {settled}, {insisted})
ON CONFLICT (jurisdiction, type, answer, day) DO UPDATE SET {what} = told.{what} + 1
"""


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
