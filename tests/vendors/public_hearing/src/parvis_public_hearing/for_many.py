"""One hearing about many requests: each has it called for the same day and place."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Situation
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.queue_actions import OfModule, QueueAction
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis_public_hearing.calling import ONCE, Wanted, plan_hearing, why_too_soon
from parvis_public_hearing.hearings import hearing_of
from parvis_public_hearing.parts import PublicHearing
from parvis_sdk.fields import PUBLIC, Date, ShortText, Time
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

NONE_FORESEEN = Text(fr="Aucune audience n’y est prévue.", en="No hearing is foreseen in it.")
WHEN_AND_WHERE = Form(
    sections=(
        Section(
            code="hearing",
            title=Text(fr="Audience", en="Hearing"),
            fields=(
                Date(code="day", label=Text(fr="Jour", en="Day"), privacy=PUBLIC),
                Time(code="hour", label=Text(fr="Heure", en="Time"), privacy=PUBLIC),
                ShortText(code="hall", label=Text(fr="Lieu", en="Place"), privacy=PUBLIC),
            ),
        ),
    )
)


async def _judge(host: Host, viewer: Viewer, record: Record, action: OfModule) -> Text | None:
    part = _foreseen(await type_of_record(host, record))
    if part is None or record.erased_at is not None:
        return NONE_FORESEEN
    before = await hearing_of(record.id, part.code)
    if before is not None and before.state == "called":
        return ONCE
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    return why_too_soon(town, _moment(town, action), clock.now())


async def _plan(host: Host, viewer: Viewer, actor: Actor, action: OfModule, here: Situation) -> Change | Denied:
    part = _foreseen(here.request_type)
    if part is None:
        return Denied(code="not_possible", reason=NONE_FORESEEN)
    wanted = Wanted(code=part.code, starts_at=_moment(here.town, action), place=action.given["hall"])
    return await plan_hearing(host, here, wanted, actor)


def _foreseen(request_type: RequestType) -> PublicHearing | None:
    return next(iter(request_type.of(PublicHearing)), None)


def _moment(town: Jurisdiction, action: OfModule) -> datetime:
    day, hour = date.fromisoformat(action.given["day"]), time.fromisoformat(action.given["hour"])
    return datetime.combine(day, hour, ZoneInfo(town.time_zone))


QUEUE_ACTIONS = (
    QueueAction(
        name="call_hearings",
        title=Text(fr="Convoquer une audience publique", en="Call a public hearing"),
        right="hearings",
        asks=WHEN_AND_WHERE,
        judge=_judge,
        plan=_plan,
    ),
)
