"""A condition of a decision at the desk: what was sent to prove it, and what the town makes of it."""

from datetime import date
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.attached.attachments import kept_of
from parvis.requests.changing import Conflict
from parvis.requests.declarations import is_offered, type_of_record
from parvis.requests.records import Record
from parvis.requests.visibility import sees_answer, sees_audience
from parvis.web.answers import answer_rows
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request import uploads
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.forms import CASE, version_in
from parvis.web.desk.one_request.telling import file_at_desk
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.typed import typed
from parvis_grants import proving
from parvis_grants.obligations import obligations_of
from parvis_grants.shown_obligations import obligations_panel, show_obligation
from parvis_grants.shown_validity import validity_panel
from parvis_sdk.conditions import Is, OneOfThese
from parvis_sdk.fields import AnyField, Date, File, LongText, OneOf, Option, Photo
from parvis_sdk.forms import Form, Section
from parvis_sdk.obligation_rules import DONE_WITH, ObligationState
from parvis_sdk.obligations import Obligation
from parvis_sdk.problems import Problems
from parvis_sdk.standing_answers import those
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import Denied

ONE = f"{CASE}/conditions/{{id:str}}"
ACCEPT, BACK, LATER, WAIVE = "accept", "send_back", "postpone", "waive"
DEEDS = {
    ACCEPT: Text(fr="La condition est remplie", en="The condition is met"),
    BACK: Text(fr="La preuve est à corriger", en="The proof must be corrected"),
    LATER: Text(fr="Accorder un délai", en="Give more time"),
    WAIVE: Text(fr="Ne plus exiger la condition", en="No longer require the condition"),
}
SECTION = Text(fr="Décision", en="Decision")


class ObligationView(Struct, frozen=True, kw_only=True):
    """One obligation of one request that the person may work on."""

    record: Record
    owed: ObligationState
    declared: Obligation


async def looked_at(room: DeskContext, reference: str, id: str) -> ObligationView:
    record = await room.record(reference, "work")
    request_type = await type_of_record(room.host, record)
    owed = next((each for each in await obligations_of(record.id) if str(each.id) == id), None)
    declared = next((each for each in request_type.of(Obligation) if owed and each.code == owed.code), None)
    if owed is None or declared is None:
        raise NotFoundException("There is no such condition.")
    return ObligationView(record=record, owed=owed, declared=declared)


def deeds_for(owed: ObligationState) -> tuple[str, ...]:
    """What the town can do about it as it stands."""
    if owed.state == "proved":
        return (ACCEPT, BACK, LATER, WAIVE)
    return (ACCEPT, LATER, WAIVE) if owed.is_open else (WAIVE,) if owed.is_live else ()


def form_for(owed: ObligationState) -> Form:
    """The questions of the town's decision about it."""
    fields: tuple[AnyField, ...] = (
        OneOf(
            code="deed",
            label=Text(fr="Que décidez-vous?", en="What do you decide?"),
            options=tuple(Option(code=each, label=DEEDS[each]) for each in deeds_for(owed)),
        ),
        Date(
            code="day",
            label=proving.BY,
            earliest=0,
            show_when=Is(field="deed", value=LATER),
        ),
        LongText(
            code="reason",
            label=Text(fr="Message à la personne", en="Message to the requester"),
            help=Text(fr="La personne lira ce message.", en="The requester will read this message."),
            required=False,
            required_when=OneOfThese(field="deed", values=(BACK, WAIVE)),
            max_length=2000,
            rows=3,
        ),
    )
    return Form(sections=(Section(code="decision", title=SECTION, fields=fields),))


@get(ONE)
async def show_condition(room: AtDesk, reference: FromPath[str], id: FromPath[str]) -> Response[Any]:
    return await _page(room, await looked_at(room, reference, id))


@post(ONE)
async def decide_condition(
    room: AtDesk, request: AnyRequest, reference: FromPath[str], id: FromPath[str]
) -> Response[Any]:
    """Accept, send back, give more time, or no longer require it."""
    here, sent = await looked_at(room, reference, id), await typed(request)
    raw = {name: sent.values[name] for name in ("deed", "day", "reason") if sent.values.get(name)}
    if raw.get("deed") in DEEDS and raw["deed"] not in deeds_for(here.owed):
        return await _page(room, here, raw, changed=DONE_WITH.to(room.language))
    today = local_day(room.town.calendar, clock.now())
    read = form_for(here.owed).read(raw, today=today)
    if isinstance(read, Problems):
        return await _page(room, here, raw, read)
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await _page(room, here, raw, seen)
    answer = await _decide(room, here, read.answers, seen)
    if isinstance(answer, Conflict | Denied):
        return await _page(room, await looked_at(room, reference, id), raw, changed=_why(room, answer))
    return go(case_path(here.record.reference) + "?fait=condition#main")


def _why(room: DeskContext, answer: Conflict | Denied) -> str:
    if isinstance(answer, Denied):
        return answer.reason.to(room.language)
    return gettext("Somebody changed the request in the meantime. Check it, then send this again.")


async def _decide(room: DeskContext, here: ObligationView, given: dict[str, Any], expected: int) -> proving.Answer:
    known: dict[str, Any] = {"actor": room.actor, "expected": expected}
    host, reference, id, words = room.host, here.record.reference, str(here.owed.id), given.get("reason", "")
    match given["deed"]:
        case "accept":
            return await proving.accept(host, reference, id, words=words, **known)
        case "send_back":
            return await proving.send_back(host, reference, id, reason=words, **known)
        case "waive":
            return await proving.waive(host, reference, id, reason=words, **known)
    return await proving.postpone(host, reference, id, day=date.fromisoformat(given["day"]), reason=words, **known)


@post(f"{ONE}/preuve")
async def take_proof(room: AtDesk, request: AnyRequest, reference: FromPath[str], id: FromPath[str]) -> Response[Any]:
    """A proof that came by mail or over the counter, written down for its sender."""
    here, sent = await looked_at(room, reference, id), await typed(request)
    proof = here.declared.proof(here.owed.proof)
    if proof is None:
        raise NotFoundException("No proof is asked for here.")
    fields, typed_in = proof.form.fields(), sent.values.get("proof")
    raw = dict(typed_in) if isinstance(typed_in, dict) else {}
    held_by = uploads.holder(room, here.record.reference, id)
    troubles = await uploads.receive(room, held_by, fields, raw, sent, prefix="proof.")
    if troubles:
        return await _page(room, here, proof_values=raw, problems=Problems(found=troubles).within("proof"))
    answer = await proving.send_proof(room.host, here.record.reference, id, raw, actor=room.actor, holder=held_by)
    if isinstance(answer, Problems):
        return await _page(room, here, proof_values=raw, problems=answer.within("proof"))
    if isinstance(answer, Conflict | Denied):
        return await _page(room, await looked_at(room, reference, id), proof_values=raw, changed=_why(room, answer))
    return go(case_path(here.record.reference, "conditions", id) + "#main")


async def _page(
    room: DeskContext,
    here: ObligationView,
    values: dict[str, Any] | None = None,
    problems: Problems | None = None,
    *,
    proof_values: dict[str, Any] | None = None,
    changed: str = "",
) -> Response[Any]:
    if values or proof_values:
        room.writes(here.record)
    proof = here.declared.proof(here.owed.proof)
    fields = proof.form.fields() if proof else ()
    return room.show(
        "grants/condition.html",
        status=422 if problems else 409 if changed else 200,
        record=here.record,
        id=str(here.owed.id),
        shown=show_obligation(here.owed, here.declared),
        proof=proof,
        can_prove=proof is not None and here.owed.is_live,
        can_decide=bool(deeds_for(here.owed)) and is_offered(room.host, here.record),
        sent=await _sent(room, here, fields),
        fields=form_for(here.owed).fields(),
        values=values or {},
        proof_fields=fields,
        proof_values=proof_values or {},
        kept=await uploads.kept_for(room, here.record.reference, str(here.owed.id), proof_values or {}),
        problems=problems,
        changed=changed,
    )


async def _sent(room: DeskContext, here: ObligationView, fields: tuple[AnyField, ...]) -> dict[str, Any]:
    """The last proof as far as the person may see it."""
    record, jurisdictions = here.record, room.host.jurisdictions
    answers = those(
        fields,
        await proving.last_proof(record, here.owed),
        lambda field: sees_answer(room.viewer, field, record, jurisdictions),
    )
    files = {
        each.attachment.id: each.attachment
        for each in await kept_of(record)
        if sees_audience(room.viewer, each.audience, record, jurisdictions)
    }
    plain = [field for field in fields if not isinstance(field, Photo | File)]
    named = [id for field in fields if isinstance(field, Photo | File) for id in answers.get(field.code, ())]
    return {
        "rows": answer_rows(plain, answers, files),
        "files": [file_at_desk(files[id]) for id in named if id in files],
    }


def link_to_decide(room: DeskContext, record: Record, owed: ObligationState, declared: Obligation) -> tuple[str, str]:
    """Where somebody of the town sees to it, and what that is called."""
    if not (room.may("work", record) and owed.is_live and is_offered(room.host, record)) or record.erased_at:
        return "", ""
    action = gettext("Review the proof") if owed.state == "proved" else gettext("Handle")
    return case_path(record.reference, "conditions", str(owed.id)), action


async def owed_panel(room: DeskContext, case: Case) -> Panel | None:
    """What the decision requires, each with where somebody of the town sees to it."""
    return await obligations_panel(case.record, case.request_type, partial(link_to_decide, room, case.record))


CONDITIONS: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="conditions",
    after="overlaps",
    title=lambda: gettext("Conditions of the decision"),
    applies=lambda room, case: bool(case.request_type.of(Obligation)),
    draw=owed_panel,
)


VALIDITY: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="validity",
    after="conditions",
    title=lambda: gettext("Validity"),
    applies=lambda room, case: bool(case.request_type.of(Validity)),
    draw=lambda room, case: validity_panel(case.record, case.request_type),
)
MESSAGE = DoneMessage(
    slot="desk.request.done",
    name="condition",
    text=lambda: gettext("The decision on the condition is recorded."),
)
