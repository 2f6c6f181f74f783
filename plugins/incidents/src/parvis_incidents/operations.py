"""Operations of the town under way where somebody would file a request: to be followed while they are not late."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.i18n import format_datetime, in_each
from parvis.jurisdictions import Jurisdiction
from parvis.requests.advice import Advice, AdviceInquiry, AdviceSource
from parvis.requests.host import Host
from parvis.requests.offered import type_of
from parvis_sdk.about import ZONES
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

UNDER_WAY = """
SELECT reference, type, answers FROM service_request
WHERE jurisdiction = {{}} AND phase <> 'closed' AND phase <> 'decided' AND erased_at IS NULL AND public
AND type IN ({types}) ORDER BY id DESC LIMIT 50
"""
TITLE = Text(fr="{title}\u00a0: en cours ici", en="{title}: in progress here")
ENDS = Text(
    fr="Fin prévue\u00a0: {end}. Les nouvelles paraissent sur la page de l’opération.",
    en="Expected end: {end}. News appears on the page of the operation.",
)
FOLLOW = Text(fr="Suivre l’opération", en="Follow the operation")
SEE = Text(fr="Voir l’opération", en="See the operation")
INSIST = Text(fr="Signaler autre chose, ou un passage bloqué", en="Report something else, or a blocked passage")


class UnderWay(Struct, frozen=True, kw_only=True):
    """One operation that is not late: in which zones (none: everywhere), and until when."""

    operation: RequestType
    reference: str
    zones: tuple[str, ...]
    ends_at: datetime

    def takes_place_in(self, zones: tuple[str, ...]) -> bool:
        return not self.zones or not set(self.zones).isdisjoint(zones)


async def operations_under_way(
    host: Host, town: Jurisdiction, request_type: RequestType, now: datetime
) -> tuple[UnderWay, ...]:
    """The operations that answer for this type, the newest first; in one statement."""
    marks = ", ".join(["{}"] * len(request_type.operations))
    rows = await ServiceRequest.raw(UNDER_WAY.format(types=marks), town.code, *request_type.operations)
    found = []
    for row in rows:
        operation = type_of(host, town, row["type"])
        answers: dict[str, Any] = msgspec.json.decode(row["answers"])
        end = end_of(operation, answers, town.time_zone) if operation else None
        if operation and end and end > now:
            zones = tuple(answers.get(ZONES) or ())
            found.append(UnderWay(operation=operation, reference=row["reference"], zones=zones, ends_at=end))
    return tuple(found)


async def under_way(host: Host, asked: AdviceInquiry) -> tuple[Advice, ...]:
    """The newest operation at a place in these zones, if there is one, as an answer."""
    found = (
        await operations_under_way(host, asked.town, asked.request_type, asked.at)
        if asked.request_type.operations
        else ()
    )
    return tuple(advice_of(asked.town, each) for each in found if each.takes_place_in(asked.zones))[:1]


def advice_of(town: Jurisdiction, found: UnderWay) -> Advice:
    return Advice(
        kind="operation",
        code=found.operation.code,
        title=TITLE.format(title=found.operation.title),
        text=ENDS.format(end=in_each(town.time_zone, lambda: format_datetime(found.ends_at))),
        insist=INSIST,
        follow=found.reference,
        follow_words=FOLLOW,
        see_words=SEE,
    )


def end_of(operation: RequestType, answers: Mapping[str, Any], time_zone: str) -> datetime | None:
    """When an operation is promised to be over: at the hour given, else at the end of the day."""
    rule = operation.operation
    day = answers.get(rule.ends_on) if rule else None
    if rule is None or not isinstance(day, str):
        return None
    hour = answers.get(rule.ends_at)
    at = time.fromisoformat(hour) if isinstance(hour, str) else time(23, 59)
    return datetime.combine(date.fromisoformat(day), at, ZoneInfo(time_zone)).astimezone(UTC)


UNDER_WAY_HERE = AdviceSource(advise=under_way, last=True)  # the only one that asks the database
