"""Correcting a request: its unit, person, type, place, answers, who asked; history keeps what was before."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import structs

from parvis.db import unit
from parvis.db.tables import ServiceRequest
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.attachments import kept_of
from parvis.requests.changing import Change, Conflict, Situation, certainly, change, change_within
from parvis.requests.contacts import contact_of, replace_contact, stop_messages
from parvis.requests.heart import Heart, type_of
from parvis.requests.history import Line
from parvis.requests.intake import OUTSIDE, search_text
from parvis.requests.lifecycle import arrival
from parvis.requests.records import Record, pin, remember
from parvis.territory import locate, route_to_unit
from parvis.territory.calendars import local_day
from parvis_sdk.events import Amended, Assigned
from parvis_sdk.forms import raw_of
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place, Requester


async def assign(
    heart: Heart,
    reference: str,
    *,
    unit: str | None = None,
    assignee: UUID | None = None,
    actor: Actor,
    assignee_name: str = "",
    expected: int | None = None,
) -> Record | Problems | Conflict:
    """Give a request to a unit, to a person, or (neither named) to nobody in particular of its unit."""

    async def plan(here: Situation) -> Change | Problems:
        to = unit or here.record.unit
        if here.town.unit(to) is None:
            return Problems(found=(problem("not_offered", "unit", label=to),))
        body = {
            "unit": to,
            "unit_before": here.record.unit,
            "assignee": str(assignee) if assignee else "",
            "name": assignee_name,
        }
        return Change(
            line=Line(kind="assigned", audience="internal", body=body),
            columns={"unit": to, "assignee": assignee},
            events=(Assigned(**here.about(actor), unit=to),),
        )

    return await change(heart, reference, plan, actor=actor, expected=expected)


async def amend(
    heart: Heart,
    reference: str,
    *,
    type: str | None = None,
    place: Place | None = None,
    answers: Mapping[str, Any] | None = None,
    actor: Actor,
    expected: int | None = None,
) -> Record | Problems | Conflict:
    """Correct what was asked, where, or the answers. With another type, answers to the same questions are carried over.

    A request of a new type begins that type's workflow anew and is routed again; its promise and clocks stay as told.
    """
    pinned: dict[str, RequestType] = {}

    async def plan(here: Situation) -> Change | Problems:
        kind = here.kind if type is None else type_of(heart, here.town, type)
        if kind is None:
            return Problems(found=(problem("not_offered", "type", label=str(type)),))
        where = place or here.record.place
        if place is not None and (wrong := _misplaced(here, kind, place)):
            return Problems(found=(wrong,))
        kept = await _answers(here, kind, answers)
        if isinstance(kept, Problems):
            return kept
        changed = structs.replace(here.record, answers=kept, place=where, type=kind.code)
        columns: dict[str, Any] = {"answers": kept}
        names = ["answers"] if answers is not None else []
        if place is not None:
            columns |= _placed(here, place)
            names.append("place")
        if type is not None and kind.code != here.record.type:
            digest = await pin(heart, kind)
            pinned[digest] = kind
            columns |= _retyped(here, kind, digest)
            names.append("type")
        changed = structs.replace(changed, **columns)
        rewrite = partial(_rewrite_search, kind, changed)
        before = {"type": here.record.type, "place": here.record.place, "answers": here.record.answers}
        line = Line(
            kind="amended",
            audience="requester",
            body={"changed": names, "type": kind.code, "type_before": here.record.type},
            personal={"before": before, "answers": kept, "place": where},
        )
        return Change(
            line=line, columns=columns, events=(Amended(**here.about(actor), changed=tuple(names)),), writes=(rewrite,)
        )

    changed = await change(heart, reference, plan, actor=actor, expected=expected)
    for digest, kind in pinned.items():
        remember(heart, digest, kind)
    return changed


async def _rewrite_search(kind: RequestType, record: Record) -> None:
    await ServiceRequest.update({ServiceRequest.search_text: search_text(kind, record)}).where(
        ServiceRequest.id == record.id
    )


async def _answers(here: Situation, kind: RequestType, given: Mapping[str, Any] | None) -> dict[str, Any] | Problems:
    files = {each.attachment.id: each.attachment for each in await kept_of(here.record)}
    today = local_day(here.town.calendar, here.at)
    if given is not None:
        read = kind.form.read(given, today=today, attachments=files)
        return read if isinstance(read, Problems) else read.answers
    if kind.code == here.record.type:
        return here.record.answers
    # Questions of the same code that read clean in the new form are carried over; the rest stays in history.
    codes = {field.code for field in kind.form.fields()}
    carried = {code: value for code, value in here.record.answers.items() if code in codes}
    read = kind.form.read(raw_of(kind.form.fields(), carried), attachments=files)
    wrong = {each.path.partition(".")[0] for each in read.found} if isinstance(read, Problems) else set()
    return {code: value for code, value in carried.items() if code not in wrong}


def _misplaced(here: Situation, kind: RequestType, place: Place) -> Problem | None:
    if place.lon is None or place.lat is None or not kind.place.inside:
        return None
    inside = locate(here.town, place.lon, place.lat).inside
    return None if inside else Problem(path="place", code="outside", message=OUTSIDE.format(town=here.town.name))


def _placed(here: Situation, place: Place) -> dict[str, Any]:
    at = locate(here.town, place.lon, place.lat) if place.lon is not None and place.lat is not None else None
    return {
        "place": place,
        "address": (place.address or place.words)[:200],
        "lon": place.lon,
        "lat": place.lat,
        "zone": at.zone if at else "",
    }


def _retyped(here: Situation, kind: RequestType, digest: str) -> dict[str, Any]:
    zones = (here.record.zone,) if here.record.zone else ()
    return {
        "type": kind.code,
        "theme": kind.theme.code,
        "declaration": digest,
        "unit": route_to_unit(
            here.town, type_code=kind.code, theme=kind.theme.code, zones=zones, channel=here.record.channel
        ),
        "assignee": None,
        "public": kind.visibility.public and here.record.identity != "confidential",
        **arrival(kind, here.town, kind.workflow.initial, here.at),
    }


async def change_contact(
    heart: Heart, reference: str, requester: Requester, language: str, *, actor: Actor = REQUESTER
) -> Record:
    """Write another way to reach the person, or the language to write to them in."""

    async def plan(here: Situation) -> Change:
        line = Line(kind="contact", audience="requester", body={"language": language}, personal={"contact": requester})
        kept = structs.replace(requester, mode=here.record.identity)
        return Change(
            line=line, columns={"language": language}, writes=(partial(replace_contact, here.record.id, kept),)
        )

    return certainly(await change(heart, reference, plan, actor=actor))


async def stop(heart: Heart, reference: str, *, stopped: bool = True, actor: Actor = REQUESTER) -> Record:
    """Stop messages to the requester, or let them flow again."""

    async def plan(here: Situation) -> Change:
        line = Line(kind="messages", audience="requester", body={"stopped": stopped})
        return Change(line=line, writes=(partial(stop_messages, here.record.id, stopped=stopped),))

    return certainly(await change(heart, reference, plan, actor=actor))


async def reveal(heart: Heart, reference: str, reason: str, *, actor: Actor) -> Requester | None:
    """Who a confidential person is; that it was looked at, by whom and why, is written before it is told."""

    async def plan(here: Situation) -> Change:
        return Change(line=Line(kind="revealed", audience="internal", body={"reason": reason}))

    async with unit(heart.engine):
        return await contact_of(certainly(await change_within(heart, reference, plan, actor=actor)))
