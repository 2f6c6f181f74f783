"""Notices of a town for a season or an emergency, everywhere or in some zones: they inform, stop or divert."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from parvis.jurisdictions.calendars import YearDay, read_span_of_year, span_around, within_year
from parvis.jurisdictions.reading import CODE, Table
from parvis.jurisdictions.town_files import TownFile
from parvis.jurisdictions.units import check_known
from parvis_sdk.text import Text

NoticeKind = Literal["inform", "stop", "divert"]
KINDS: tuple[NoticeKind, ...] = ("inform", "stop", "divert")


class Notice(msgspec.Struct, frozen=True, kw_only=True):
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
        begins, ends = span_around(max(now.astimezone(zone).date(), since), *self.every_year)
        if self.until:
            ends = min(ends, (self.until - timedelta(microseconds=1)).astimezone(zone).date())
        return (max(begins, since), ends) if begins <= ends else None

    def is_about(self, type_code: str) -> bool:
        return not self.types or type_code in self.types

    def holds_in(self, zones: Iterable[str]) -> bool:
        """Whether it holds at a place that lies in these zones."""
        return not self.zones or not set(self.zones).isdisjoint(zones)


def read_notices(table: Table, zones: frozenset[str] | None, time_zone: str) -> tuple[Notice, ...]:
    """`notices.toml`: one table a notice, the most urgent and the newest first."""
    notices = []
    for code, entry in table.named_tables():
        notice = Notice(
            code=code,
            title=entry.text("title", required=True),
            kind=next(one for one in KINDS if one == entry.choice("kind", KINDS, "inform")),
            text=entry.text("text"),
            since=read_moment(entry, "from", time_zone),
            until=read_moment(entry, "until", time_zone, after_the_day=True),
            every_year=read_span_of_year(entry, "every_year"),
            time_zone=time_zone,
            types=entry.strings("types"),
            zones=entry.strings("zones"),
            link=entry.url("link"),
            phone=entry.string("phone"),
            to=entry.matching("to", CODE, "the code of a type of request"),
            urgent=entry.yes("urgent", False),
        )
        entry.close()
        check_known(entry, "zones", notice.zones, zones, "zone")
        check_notice(entry, notice)
        notices.append(notice)
    return tuple(sorted(notices, key=lambda one: not one.urgent))


def check_notice(table: Table, notice: Notice) -> None:
    if notice.since and notice.until and notice.since >= notice.until:
        table.wrong("until", "comes before from", "correct the dates")
    if notice.kind == "divert" and not (notice.link or notice.phone or notice.to):
        table.wrong("", "diverts to nowhere", "add link, phone or to")
    if notice.kind != "inform" and not notice.types:
        table.wrong("types", "is missing", f"name the types of request that this notice {notice.kind}s")
    if notice.to and notice.to in notice.types:
        table.wrong("to", f"'{notice.to}' is itself among the types", "divert to another type")


def read_moment(table: Table, name: str, time_zone: str, *, after_the_day: bool = False) -> datetime | None:
    """A date, or a date with an hour in the town's time; with `after_the_day`, a date counts whole."""
    value = table.take(name, date, "a date like 2026-12-24, or with an hour like 2026-12-24T18:00:00")
    if value is None:
        return None
    if not isinstance(value, datetime):
        value = datetime.combine(value + timedelta(days=1 if after_the_day else 0), time())
    return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC)


NOTICES: TownFile[tuple[Notice, ...]] = TownFile(
    name="notices.toml", read=lambda table, around: read_notices(table, around.zones, around.time_zone), usual=()
)
