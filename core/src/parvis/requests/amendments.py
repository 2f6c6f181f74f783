"""Correcting a request: its unit, person, type, place, answers, who asked; history keeps what was before."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import structs

from parvis.db import transaction
from parvis.db.tables import Row, ServiceRequest
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.jurisdictions.layers import known_of
from parvis.jurisdictions.places import locate
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.attached.attachments import kept_of, refit_files
from parvis.requests.changing import Change, Conflict, Situation, certainly, change, change_within
from parvis.requests.contacts import contact_of, replace_contact, stop_messages
from parvis.requests.declarations import pinned_as, remember
from parvis.requests.exclusions import RequestSubject, exclusions_after
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import GOES_ON_ELSEWHERE
from parvis.requests.lists.searching import listed_columns
from parvis.requests.offered import is_declared, type_of
from parvis.requests.persons.contact_letters import refused_to_change, tell_former_contact
from parvis.requests.places import OUTSIDE, drawn_wrong, pointed_at, verified_address
from parvis.requests.promises.replaying import recount
from parvis.requests.records import Record
from parvis.requests.retyping import NOTHING_MORE, carried, retyping
from parvis_sdk.events import Amended, Assigned, ContactChanged
from parvis_sdk.fields import Group, PlaceFact
from parvis_sdk.forms import Form, raw_of, with_facts_of
from parvis_sdk.nothing import NOTHING
from parvis_sdk.places import place_fact
from parvis_sdk.problems import MESSAGES, Problem, Problems
from parvis_sdk.proposals import others_changed
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place, Requester
from parvis_sdk.text import Text
from parvis_sdk.unseen_answers import Sees, with_unseen


async def assign(
    host: Host,
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
        return plan_assignment(here, unit or here.record.unit, assignee, assignee_name, actor)

    return await change(host, reference, plan, actor=actor, expected=expected)


def plan_assignment(
    here: Situation, unit: str, assignee: UUID | None, assignee_name: str, actor: Actor
) -> Change | Problems:
    """The change that gives a request to a unit and to a person, or why it cannot be had."""
    if refused := assignment_refused(here.town, unit):
        return refused
    was = here.record
    if str(assignee) in was.excluded_agents:
        words = Text(
            fr="L’accès à cette requête est retiré à cette personne.",
            en="Access to this request is withdrawn from this person.",
        )
        return Problems(found=(Problem(path="assignee", code="kept_away", message=words),))
    body = {
        "unit": unit,
        "before": {"unit": was.unit, "assignee": str(was.assignee) if was.assignee else ""},
        "assignee": str(assignee) if assignee else "",
        "name": assignee_name,
    }
    return Change(
        line=Line(kind="assigned", audience="internal", body=body),
        columns={"unit": unit, "assignee": assignee},
        events=(Assigned(**here.about(actor), unit=unit),),
    )


def assignment_refused(town: Jurisdiction, unit: str) -> Problems | None:
    """Why nothing can be given to this unit."""
    if town.unit(unit):
        return None
    words = Text(fr="L’unité «\u00a0{unit}\u00a0» n’existe pas ici.", en="There is no unit “{unit}” here.")
    return Problems(found=(Problem(path="unit", code="not_offered", message=words.format(unit=unit)),))


async def amend(
    host: Host,
    reference: str,
    *,
    type: str | None = None,
    place: Place | None = None,
    answers: Mapping[str, Any] | None = None,
    sees: Sees | None = None,
    actor: Actor,
    expected: int | None = None,
) -> Record | Problems | Conflict:
    """Correct what was asked, where, or the answers; those that who corrects does not see (`sees`) stay as they are.

    With another type, answers to the same questions are carried over; who corrects what they see gives what else that
    type requires. It begins its workflow anew and is routed again. The promise is the new type's, counted from when the
    old one began; where the new type makes none, what was promised stays promised. How long it is kept is the new
    type's rule. Another place is another zone, whose levels hold from then on.
    """
    wanted = host.plugins.request_type(type) if type else None
    pinned = pinned_as(host, wanted) if wanted else None

    async def plan(here: Situation) -> Change | Problems | Record:
        other = pinned if type != here.record.type else None
        is_offered = other is not None and type_of(host, here.town, str(type)) is not None
        # What the town says itself is never made of what was asked.
        if type not in (None, here.record.type) and (not is_offered or (other and is_declared(other.request_type))):
            return Problems(found=(_other_type("not_offered", "no_such_type"),))
        modes = other.request_type.identity.modes if other else ()
        if other and here.record.identity == "anonymous" and "anonymous" not in modes:
            return Problems(found=(_other_type("not_offered", "other_identity"),))
        if other is not None and here.record.merged_into is not None:
            return Problems(found=(Problem(path="type", code="not_possible", message=GOES_ON_ELSEWHERE),))
        request_type = other.request_type if other else here.request_type
        moved = _moved(here, request_type, place)
        if isinstance(moved, Problem):
            return Problems(found=(moved,))
        kept = await _answers(here, request_type, answers, sees)
        if isinstance(kept, Problems):
            return kept.within("answers")
        if moved is not None:
            kept = _known_there(here.town, request_type, kept, moved)
        if other is None and kept == here.record.answers and moved in (None, here.record.place):
            return here.record  # nothing that anybody would have to be told of
        changed = {"answers": answers is not None, "place": moved is not None, "type": other is not None}
        columns: dict[str, Any] = {"answers": kept} | (
            await _placed(host, here, request_type, moved) if moved is not None else {}
        )
        subject = RequestSubject(request_type=request_type, record=structs.replace(here.record, **columns))
        columns |= await exclusions_after(host, here.town, subject)
        more = await retyping(host, here, other, columns) if other else NOTHING_MORE
        columns |= more.columns
        after = structs.replace(here.record, **columns)
        return Change(
            line=_line(here, request_type, tuple(name for name, is_so in changed.items() if is_so), columns, more.body),
            columns=columns,
            events=(Amended(**here.about(actor), changed=tuple(name for name, is_so in changed.items() if is_so)),),
            writes=(
                partial(rewrite_listed, host, request_type, after),
                partial(refit_files, (here.request_type, here.record), (request_type, after)),
                *more.writes,
            ),
            then=partial(recount, host, "zone") if moved is not None and other is None else None,
        )

    changed: Record | Problems | Conflict = await change(host, reference, plan, actor=actor, expected=expected)
    if pinned is not None and isinstance(changed, Record) and changed.declaration == pinned.digest:
        remember(host, pinned)
    return changed


def _other_type(code: str, words: str) -> Problem:
    return Problem(path="type", code=code, message=MESSAGES[words])


def _line(
    here: Situation,
    request_type: RequestType,
    names: tuple[str, ...],
    columns: Mapping[str, Any],
    more: Mapping[str, Any],
) -> Line:
    was = here.record
    before = {"type": was.type, "place": was.place, "answers": was.answers, "unit": was.unit}
    return Line(
        kind="amended",
        audience="requester",
        body={"changed": names, "type": request_type.code, "type_before": here.record.type, **more},
        personal={
            "before": before,
            "answers": columns["answers"],
            "place": columns.get("place", here.record.place),
        },
    )


async def rewrite_listed(host: Host, request_type: RequestType, record: Record) -> None:
    """Inside a transaction: what lists and searches hold of a request whose answers or place have changed."""
    columns: Row = listed_columns(request_type, record, host.jurisdictions)
    await ServiceRequest.update(columns).where(ServiceRequest.id == record.id)


async def plan_correction(
    host: Host, given: Mapping[str, Any], actor: Actor, here: Situation
) -> Change | Problems | None:
    """The change that puts these answers over those that stand, read as an agent's are; None where nothing changes."""
    before = raw_of(here.request_type.form.fields(), here.record.answers)
    kept = await _answers(here, here.request_type, before | dict(given))
    if isinstance(kept, Problems) or kept == here.record.answers:
        return kept if isinstance(kept, Problems) else None
    if (lost := others_changed(here.record.answers, kept, given)) is not None:
        return lost
    after = structs.replace(here.record, answers=kept)
    subject = RequestSubject(request_type=here.request_type, record=after)
    columns = {"answers": kept, **await exclusions_after(host, here.town, subject)}
    return Change(
        line=_line(here, here.request_type, ("answers",), columns, {}),
        columns=columns,
        events=(Amended(**here.about(actor), changed=("answers",)),),
        writes=(
            partial(rewrite_listed, host, here.request_type, after),
            partial(refit_files, (here.request_type, here.record), (here.request_type, after)),
        ),
    )


async def _answers(
    here: Situation, request_type: RequestType, given: Mapping[str, Any] | None, sees: Sees | None = None
) -> dict[str, Any] | Problems:
    files = {each.attachment.id: each.attachment for each in await kept_of(here.record)}
    before, fields = raw_of(here.request_type.form.fields(), here.record.answers), request_type.form.fields()
    if given is not None:
        if sees is not None:
            standing = here.record.answers
            if request_type is not here.request_type:  # what nobody answered is theirs to answer
                standing = carried(request_type, before, files, here.request_type.form.fields())
                sees = _or_new(request_type, standing, sees)
            sent = with_unseen(fields, given, standing, sees)
            if isinstance(sent, Problems):
                return sent
            given = sent
        raw = with_facts_of(fields, given, before)
        read = request_type.form.read(raw, today=local_day(here.town.calendar, here.at), attachments=files)
        stand = {code for code, value in before.items() if raw.get(code) == value}
        if isinstance(read, Problems) and {each.path.partition(".")[0] for each in read.found} <= stand:
            # A day that was to come as it was given, and stands, does not become wrong by having come.
            then = local_day(here.town.calendar, here.record.submitted_at)
            read = request_type.form.read(raw, today=then, attachments=files)
        return read if isinstance(read, Problems) else read.answers
    if request_type is here.request_type:
        return here.record.answers
    along = carried(request_type, before, files, here.request_type.form.fields())
    read = request_type.form.read(
        raw_of(fields, along), today=local_day(here.town.calendar, here.at), attachments=files
    )
    return read if isinstance(read, Problems) and sees is not None else along


async def theirs_to_change(record: Record, asked: Form, request_type: RequestType, sees: Sees) -> Sees:
    """Which answers somebody may send for another type: those that they see, and those that `asked` did not bring."""
    files = {each.attachment.id: each.attachment for each in await kept_of(record)}
    along = carried(request_type, raw_of(asked.fields(), record.answers), files, asked.fields())
    return _or_new(request_type, along, sees)


def _or_new(request_type: RequestType, standing: Mapping[str, Any], sees: Sees) -> Sees:
    fields = [field for field in request_type.form.fields() if field.code not in standing]
    inside = [each for field in fields if isinstance(field, Group) for each in field.fields]
    return lambda field: any(field is each for each in (*fields, *inside)) or sees(field)


def _known_there(
    town: Jurisdiction, request_type: RequestType, answers: Mapping[str, Any], place: Place
) -> dict[str, Any]:
    """The answers with what the town's layers say of another place."""
    facts = [field for field in request_type.form.fields() if isinstance(field, PlaceFact)]
    found = {field.code: place_fact(field, None, known_of(town, place)) for field in facts}
    others = {code: value for code, value in answers.items() if code not in found}
    return others | {code: value for code, value in found.items() if value is not NOTHING}


def _moved(here: Situation, request_type: RequestType, place: Place | None) -> Place | Problem | None:
    """The place with the point of what it names; or why it cannot be there. Whose road it is, the desk knows itself."""
    moved = pointed_at(here.town, request_type, place, here.record.language)
    if not isinstance(moved, Place) or moved.lon is None or moved.lat is None:
        return moved
    if (wrong := drawn_wrong(here.town, moved)) is not None or not request_type.place.inside:
        return wrong or moved
    inside = locate(here.town, moved.lon, moved.lat).inside
    return moved if inside else Problem(path="place", code="outside", message=OUTSIDE.format(town=here.town.name))


async def _placed(host: Host, here: Situation, request_type: RequestType, place: Place) -> dict[str, Any]:
    at = locate(here.town, place.lon, place.lat) if place.lon is not None and place.lat is not None else None
    return {
        "place": place,
        "address": (place.address or place.words)[:200],
        "lon": place.lon,
        "lat": place.lat,
        "zone": at.zone if at else "",
        # In a transaction no locator is asked: where the town has one a chore does so, and until then nothing is told.
        "public_address": None
        if here.town.locator
        else await verified_address(host, here.town, request_type, place, ask=False),
    }


async def change_contact(
    host: Host,
    reference: str,
    requester: Requester,
    language: str,
    *,
    actor: Actor = REQUESTER,
    expected: int | None = None,
) -> Record | Conflict | Problems:
    """Write another way to reach the person, or the language to write to them in; told where they were reached before.

    A `Conflict` when somebody else wrote one since the version `expected`; other work on the request is no matter.
    `Problems` when the person changed them too often today for one more to be told.
    """

    async def plan(here: Situation) -> Change | Problems:
        mode = here.record.identity
        kept = structs.replace(requester, mode=mode, name="" if mode == "anonymous" else requester.name)
        known, made = await contact_of(here.record), new_id()
        if refused := await refused_to_change(host, known, kept, actor):
            return refused
        before = {"contact": known, "language": here.record.language}
        subject = RequestSubject(request_type=here.request_type, record=here.record, contact=kept)
        line = Line(
            kind="contact",
            audience="requester",
            body={"language": language, "change": made.hex},
            personal={"contact": kept, "before": before},
        )
        return Change(
            line=line,
            columns={"language": language, **await exclusions_after(host, here.town, subject)},
            events=(ContactChanged(**here.about(actor)),),
            writes=(
                partial(tell_former_contact, host, here, known, kept, made, actor),
                partial(replace_contact, here.record.id, kept),
            ),
        )

    return await change(host, reference, plan, actor=actor, expected=expected, against=("contact",))


async def stop(host: Host, reference: str, *, stopped: bool = True, actor: Actor = REQUESTER) -> Record:
    """Stop messages to the requester, or let them flow again."""

    async def plan(here: Situation) -> Change:
        line = Line(kind="messages", audience="requester", body={"stopped": stopped})
        return Change(
            line=line,
            events=(ContactChanged(**here.about(actor)),),
            writes=(partial(stop_messages, here.record.id, stopped=stopped),),
        )

    return certainly(await change(host, reference, plan, actor=actor))


async def reveal(host: Host, reference: str, reason: str, *, actor: Actor) -> Requester | None:
    """Who a confidential person is; that it was looked at, by whom and why, is written before it is told."""

    async def plan(here: Situation) -> Change:
        return Change(line=Line(kind="revealed", audience="internal", body={"reason": reason}))

    async with transaction(host.engine):
        return await contact_of(certainly(await change_within(host, reference, plan, actor=actor)))
