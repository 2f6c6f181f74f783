"""Operations of the town under way where somebody would file a request: to be followed while they are not late."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from parvis.db.tables import ServiceRequest
from parvis.i18n import format_datetime
from parvis.requests.advice import Advice, in_each
from parvis.requests.heart import Heart, type_of
from parvis.territory import Jurisdiction
from parvis_sdk.about import ZONES
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

UNDER_WAY = """
SELECT reference, type, answers FROM service_request
WHERE jurisdiction = {{}} AND phase <> 'closed' AND phase <> 'decided' AND erased_at IS NULL AND public
AND type IN ({types}) ORDER BY id DESC LIMIT 50
"""
TITLE = Text(fr="{title}\u00a0: c’est en cours ici", en="{title}: under way here")
ENDS = Text(
    fr="Fin prévue\u00a0: {end}. Suivez l’opération\u00a0: nous vous écrirons dès qu’elle sera terminée.",
    en="Expected end: {end}. Follow the operation: we will write to you as soon as it is over.",
)
INSIST = Text(
    fr="C’est autre chose, ou quelqu’un ne peut pas passer", en="It is something else, or somebody cannot get through"
)


async def under_way(
    heart: Heart, town: Jurisdiction, kind: RequestType, zones: tuple[str, ...], now: datetime
) -> list[Advice]:
    """The newest operation of those that answer for this type at this place, if one is; in one statement."""
    marks = ", ".join(["{}"] * len(kind.operations))
    rows = await ServiceRequest.raw(UNDER_WAY.format(types=marks), town.code, *kind.operations)
    for row in rows:
        operation = type_of(heart, town, row["type"])
        answers: dict[str, Any] = msgspec.json.decode(row["answers"])
        end = end_of(operation, answers, town.time_zone) if operation else None
        if operation and end and end > now and takes_place_in(answers, zones):
            return [advice_of(town, operation, row["reference"], end)]
    return []


def advice_of(town: Jurisdiction, operation: RequestType, reference: str, end: datetime) -> Advice:
    return Advice(
        kind="operation",
        code=operation.code,
        title=TITLE.format(title=operation.title),
        text=ENDS.format(end=in_each(town, lambda: format_datetime(end))),
        insist=INSIST,
        follow=reference,
    )


def takes_place_in(answers: Mapping[str, Any], zones: tuple[str, ...]) -> bool:
    """Whether an operation takes place in one of these zones; without zones of its own it does everywhere."""
    where = answers.get(ZONES) or ()
    return not where or not set(where).isdisjoint(zones)


def end_of(operation: RequestType, answers: Mapping[str, Any], time_zone: str) -> datetime | None:
    """When an operation is promised to be over: at the hour given, else at the end of the day."""
    rule = operation.operation
    day = answers.get(rule.ends_on) if rule else None
    if rule is None or not isinstance(day, str):
        return None
    hour = answers.get(rule.ends_at)
    at = time.fromisoformat(hour) if isinstance(hour, str) else time(23, 59)
    return datetime.combine(date.fromisoformat(day), at, ZoneInfo(time_zone)).astimezone(UTC)
