"""A pack as somebody asks for it: from day to day, for a unit with those below it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import instant_of
from parvis.requests.records import Record
from parvis_audit_pack.covering import Audit

KINDS = (".toml",)


def asked(
    town: Jurisdiction,
    *,
    first: date,
    last: date,
    unit: str,
    made_by: str,
    may_see: Callable[[Record], bool] = lambda record: True,
    over: frozenset[str] | None = None,
) -> Audit:
    """The pack of these days, both included; `unit` "" is every unit of `over`, which is the whole town where None."""
    zone = ZoneInfo(town.time_zone)
    return Audit(
        town=town,
        unit=unit,
        units=town.units_under(unit) if unit else over,
        first=first,
        last=last,
        since=instant_of(first, 0, zone),
        until=instant_of(last + timedelta(days=1), 0, zone),
        made_at=clock.now(),
        made_by=made_by,
        may_see=may_see,
        over=tuple(sorted(over or ())),
    )


def town_files(territory: Path, town: Jurisdiction) -> Mapping[str, bytes]:
    """The rules of a town as its own people wrote them, those for its modules too. Blocks: call it in a thread."""
    folder = territory / town.code
    files = (path for path in sorted([*folder.iterdir(), *folder.glob("modules/*")]) if path.suffix in KINDS)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
