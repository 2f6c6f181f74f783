"""What becomes of a request that turns out to be of another type: its answers, state, unit, promise and rules."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct

from parvis.db import done_outside
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Situation, Write
from parvis.requests.clocks.clocks import (
    Clock,
    after_move,
    clocks_of,
    keep_changed,
    keep_new,
    levels_told,
    shown_of,
    started,
    under,
)
from parvis.requests.declarations import PinnedType, pin
from parvis.requests.host import Host
from parvis.requests.levels import Terms, target_time_of, terms_of
from parvis.requests.lifecycle import coming_into, told_of
from parvis.requests.parts.part_kinds import EffectContext
from parvis.requests.parts.together import end_parts
from parvis.requests.routing import Destination, RoutingInputs, assign, route
from parvis_sdk.conditions import holds
from parvis_sdk.fields import AnyField, Sensitivity
from parvis_sdk.nothing import NOTHING
from parvis_sdk.problems import Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment, Place


class TypeChange(Struct, frozen=True, kw_only=True):
    """What another type means for a request besides its answers."""

    columns: dict[str, Any] = {}
    body: dict[str, Any] = {}
    writes: tuple[Write, ...] = ()


NOTHING_MORE = TypeChange()
GUARDS = (Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL, Sensitivity.SENSITIVE)


async def retyping(host: Host, here: Situation, pinned: PinnedType, columns: Mapping[str, Any]) -> TypeChange:
    """Inside a transaction: the new type's first state, its unit, its promise, its rules from now on."""
    await pin(host, pinned)
    request_type, initial = pinned.request_type, pinned.request_type.workflow.initial
    before = await clocks_of(here.record.id)
    place, answers = columns.get("place", here.record.place), columns["answers"]
    routed = await _routed(host, here, request_type, columns)
    excluded_agents = columns.get("excluded_agents", here.record.excluded_agents)
    drawn = partial(assign, routed, here.at, excluded_agents)
    given = await drawn() if routed.draw is None else done_outside(f"assign {here.record.id} {excluded_agents}", drawn)
    if given is None:
        given = await drawn()
    priority = max(here.record.priority, routed.priority)
    terms = await terms_of(host, here.town, place, priority)
    arrived = tuple(after_move(each, initial.phase, here.town.calendar, here.at) for each in before)
    begun = () if shown_of(arrived) else started(request_type, answers, here.town, here.at, terms)
    after = tuple(promised_by(each, request_type, answers, here.town, terms, here.at) for each in arrived)
    promise = shown_of((*after, *begun))
    other = tuple(new for old, new in zip(arrived, after, strict=True) if new != old)
    return TypeChange(
        columns={
            "type": request_type.code,
            "theme": request_type.theme.code,
            "declaration": pinned.digest,
            "unit": routed.unit,
            "priority": priority,
            "assignee": given.person,
            "public": _is_public(here, request_type),
            **coming_into(here, request_type, initial, promise),
        },
        body={
            "declaration_before": here.record.declaration,
            **levels_told((*other, *begun)),
            **told_of(here.record, promise),
            **given.body,
        },
        writes=(
            partial(keep_changed, host, here.town, before, after),
            partial(keep_new, host, here.town, here.record.id, begun),
            *await end_parts(EffectContext(host=host, here=here, actor=SYSTEM)),
        ),
    )


def _is_public(here: Situation, request_type: RequestType) -> bool:
    """Whether it has a public page as the other type: a part of a whole stays on that of the whole."""
    kept_back = here.request_type.visibility.public and not here.record.public
    is_open = here.record.identity != "confidential" and here.record.hidden_at is None
    return request_type.visibility.public and is_open and not kept_back


def promised_by(
    clock: Clock, request_type: RequestType, answers: Mapping[str, Any], town: Jurisdiction, terms: Terms, now: datetime
) -> Clock:
    """The promise told to the resident as another type makes it; where that makes none, what was promised stays."""
    level = request_type.promise(answers)
    if not clock.shown or level is None or level.since:
        return clock
    return under(clock, *target_time_of(level, request_type.code, town, terms, clock.started_at), town.calendar, now)


async def _routed(host: Host, here: Situation, request_type: RequestType, columns: Mapping[str, Any]) -> Destination:
    place: Place | None = columns.get("place", here.record.place)
    inputs = RoutingInputs(
        request_type=request_type,
        channel=here.record.channel,
        requester=here.record.identity,
        place=place,
        answers=columns["answers"],
        at=here.record.submitted_at,
    )
    return await route(host, here.town, inputs)


def carried(
    request_type: RequestType, before: Mapping[str, Any], files: Mapping[str, Attachment], asked: Iterable[AnyField]
) -> dict[str, Any]:
    """Answers that read well in the new form, by the meaning of their question or else by its code.

    `asked` are the questions that they answered. What somebody said under protection is not carried to where more
    people read it. The rest stays in history.
    """
    reading, answers = Reading(attachments=files), dict[str, Any]()
    answered = [field for field in asked if field.code in before]
    for section in request_type.form.sections:
        if section.show_when is not None and not holds(section.show_when, answers):
            continue
        for field in section.fields:
            source = _answering(field, answered)
            value = read_value(field, before[source.code] if source else None, field.code, reading, answers)
            if value is not NOTHING and not isinstance(value, Problems):
                answers[field.code] = value
    return answers


def taken_along(request_type: RequestType, before: Mapping[str, Any], asked: Iterable[AnyField]) -> frozenset[str]:
    """The codes of the questions whose answers have a question in the new form."""
    answered = [field for field in asked if field.code in before]
    sources = (_answering(field, answered) for field in request_type.form.fields())
    return frozenset(source.code for source in sources if source is not None)


def _answering(field: AnyField, answered: Iterable[AnyField]) -> AnyField | None:
    """The earlier question whose answer also answers this one."""
    alike = [each for each in answered if each.means == field.means] if field.means else []
    same = [each for each in answered if each.code == field.code and not (each.means and field.means)]
    kept = [each for each in (*alike, *same) if _guard(field) >= _guard(each)]
    return min(kept, key=lambda each: each.code != field.code, default=None)


def _guard(field: AnyField) -> int:
    return GUARDS.index(field.privacy.sensitivity)
