"""Who may see a request and why, from whom it is kept, and who has looked at it."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import ClientException, PermissionDeniedException
from litestar.params import FromPath

from parvis.access_explanation import why
from parvis.i18n import gettext, say
from parvis.people.agents import Person, agents
from parvis.requests.access_log import AccessLog, looks_at
from parvis.requests.exclusions import MOST_WORDS, keep_away, let_back
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.records import Record
from parvis.requests.visibility import sees
from parvis.web.desk.context import QUEUE, AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request.forms import CASE, wrong
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis.web.value_names import what_words
from parvis_sdk.fields import LongText
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold
from parvis_sdk.workflow import Denied

REASON = LongText(
    code="reason",
    label=Text(fr="Pourquoi", en="Why"),
    help=Text(
        fr="Seule la personne responsable de la protection des renseignements peut lire cette raison.",
        en="Only the privacy officer can read this reason.",
    ),
    example=Text(fr="C’est le dossier de ma sœur.", en="It is my sister’s file."),
    max_length=MOST_WORDS,
    rows=2,
)
FORM = Form(sections=(Section(code="why", title=REASON.label, fields=(REASON,)),))
KEEP, BACK = "keep", "back"


@get(f"{CASE}/acces")
async def show_access(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    return await _page(room, await room.record(reference))


@post(f"{CASE}/acces")
async def change_access(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Keep the request away from oneself, or, for managers, from a colleague; or let a colleague back."""
    record, sent = await room.record(reference), await typed(request)
    deed = BACK if sent.text("do") == BACK else KEEP
    given = FormInput(values=sent.values[deed], files={}) if isinstance(sent.values.get(deed), dict) else sent
    who, raw = given.text("who") or room.person.id, {"reason": given.text("reason")}
    if (deed == BACK or who != room.person.id) and not room.may("report", record):
        raise PermissionDeniedException("This needs the right 'report' over the request.")
    people = {one.id: one for one in await agents(room.host.engine, room.town.code)}
    person, read = people.get(who), FORM.read(raw)
    if person is None:
        return await _page(room, record, who, raw, wrong(f"{deed}.who", gettext("Choose a colleague.")), deed=deed)
    if isinstance(read, Problems):
        return await _page(room, record, who, raw, read.within(deed), deed=deed)
    doing = let_back if deed == BACK else keep_away
    answer = await doing(room.host, record.reference, person.id, person.name, read.answers["reason"], actor=room.actor)
    if isinstance(answer, Record):
        if not sees(room.viewer, answer, room.host.jurisdictions):
            return go(f"{QUEUE}?fait=ecart#main")
        return go(f"{case_path(record.reference, 'acces')}?fait={'retour' if deed == BACK else 'ecart'}#main")
    refused = say(answer.reason) if isinstance(answer, Denied) else ""
    return await _page(room, await room.record(reference), who, raw, refused=refused, deed=deed)


async def _page(
    room: DeskContext,
    record: Record,
    who: str = "",
    values: dict[str, Any] | None = None,
    problems: Problems | None = None,
    *,
    refused: str = "",
    deed: str = "",
) -> Response[Any]:
    answers_for = room.may("report", record)
    people = await agents(room.host.engine, room.town.code)
    return room.show(
        "desk/access.html",
        status=422 if problems else 409 if refused else 200,
        record=record,
        answers_for=answers_for,
        kept=[(one.id, one.name) for one in people if one.id in record.excluded_agents],
        others=[(one.id, one.name) for one in _by_name(people) if one.active and one.id not in record.excluded_agents],
        reasons=_reasons(room, record, people) if answers_for else [],
        who=who or room.person.id,
        fields=(REASON,),
        values={deed: values or {}},
        problems=problems,
        refused=refused,
        deed=deed,
        done=room.request.query_params.get("fait", ""),
    )


def _by_name(people: tuple[Person, ...]) -> list[Person]:
    return sorted(people, key=lambda one: fold(one.name))


def _reasons(room: DeskContext, record: Record, people: tuple[Person, ...]) -> list[dict[str, Any]]:
    """Everybody of the town, those who may see it first, with a sentence each."""
    found = [(one, why(room.host, one, record)) for one in _by_name(people)]
    found.sort(key=lambda each: not each[1].sees)
    return [
        {
            "name": person.name,
            "sees": reason.sees,
            "sentence": say(reason.sentence),
            "besides": [say(each) for each in reason.besides],
        }
        for person, reason in found
    ]


@get(f"{CASE}/consultations")
async def show_looks(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """The latest first, a page at a time; reading this page is logged too."""
    record = await room.record(reference, "report")
    try:
        lines, after = await looks_at(record.id, request.query_params.get("apres", ""))
    except BadCursor as error:
        raise ClientException("This address is none that a page here has given.") from error
    here = case_path(record.reference, "consultations")
    return room.show(
        "desk/looked.html",
        record=record,
        lines=lines,
        what_words=what_words,
        later=here if request.query_params.get("apres") else "",
        earlier=f"{here}?apres={after}#main" if after else "",
        days=room.host.of(AccessLog).days,
    )
