"""`notices.toml`: the notices that a town writes for a season or an emergency."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from parvis.jurisdictions import Jurisdiction, JurisdictionMistake
from parvis.jurisdictions.calendars import read_span_of_year
from parvis.jurisdictions.reading import CODE, Table, not_installed
from parvis.jurisdictions.town_files import Offer, TownFile
from parvis.jurisdictions.units import check_known
from parvis.requests.advice import Notice, NoticeKind

KINDS: tuple[NoticeKind, ...] = ("inform", "stop", "divert")


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
    try:
        if not isinstance(value, datetime):
            value = datetime.combine(value + timedelta(days=1 if after_the_day else 0), time())
        return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC)
    except OverflowError:
        table.wrong(name, f"{value} is out of reach", "leave it out where it always holds")
        return None


def unknown_types(town: Jurisdiction, notices: tuple[Notice, ...], offer: Offer) -> Iterator[JurisdictionMistake]:
    """Types of request that notices name and nobody here brings."""
    for notice in notices:
        for name in (*notice.types, *((notice.to,) if notice.to else ())):
            if name not in offer.types:
                yield not_installed(f"{town.code}/{NOTICES.name}", notice.code, name, "type", offer.types)


NOTICES: TownFile[tuple[Notice, ...]] = TownFile(
    name="notices.toml",
    read=lambda table, around: read_notices(table, around.zones, around.time_zone),
    usual=(),
    loose_ends=unknown_types,
    zones=lambda notices: ((one.code, zone) for one in notices for zone in one.zones),
)
