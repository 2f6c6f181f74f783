"""Writing once to everybody whom an incident concerns: shown first with how many it reaches, then told in one go."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.identifiers import new_id
from parvis.people.agents import as_id
from parvis.web.desk.context import AtDesk, DeskContext, go
from parvis.web.desk.one_request.forms import both, words_in
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis.web.value_names import way_said
from parvis_incidents.bulletin import Bulletin, Reach, Word
from parvis_incidents.desk.incidents import ONE, demand_whole, found_incident, incident_page, incident_path
from parvis_incidents.incidents import Incident
from parvis_incidents.telling import Audience, announce_word, audience
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.requests import Urgency
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

MOST_WORDS = 4000


@post(f"{ONE}/message", status_code=200)
async def write_word(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """How many it would reach and what it would say; pressed again on that page, told."""
    demand_whole(room)
    one, sent = await found_incident(room, reference), await typed(request)
    closing, urgency, reach = _how(sent)
    words = _words(room, sent)
    if isinstance(words, Problems) or sent.text("_back"):
        problems = words if isinstance(words, Problems) and not sent.text("_back") else None
        return await incident_page(room, one, status=422 if problems else 200, tried=sent.values, problems=problems)
    if not one.is_open:
        return go(f"{incident_path(one.record.reference)}?fait=termine#main")
    id = as_id(sent.text("id"))
    if sent.text("_sure") and id:
        told = await announce_word(
            room.host,
            one.record,
            UUID(str(id)),
            one.title,
            words,
            actor=room.actor,
            closing=closing,
            urgency=urgency,
            reach=reach,
        )
        return await _told(room, one, told, closing=closing)
    reached, others = await _reached(room, one, reach)
    return room.show(
        "incidents/word.html",
        one=one,
        way_said=partial(way_said, room.host, room.town),
        words=words,
        closing=closing,
        urgency=urgency,
        reach=reach,
        reached=reached,
        others=others,
        languages=room.town.languages,
        path=incident_path(one.record.reference),
        id=new_id(),
    )


def _how(sent: FormInput) -> tuple[bool, Urgency, Reach]:
    """Whether it is the last word, how soon people must know, and whom it is for: all, where nobody ticked anything."""
    correction, only_now = sent.text("correction") == "yes", sent.text("only_now") == "yes"
    reach: Reach = "correction" if correction else "now" if only_now else "all"
    return sent.text("closing") == "yes", "emergency" if sent.text("emergency") == "yes" else "normal", reach


async def _reached(room: DeskContext, one: Incident, reach: Reach) -> tuple[Audience, int]:
    """Whom it would reach, and how many stand between the wide and the narrow way of sending it."""
    reached = await audience(room.host, room.town, one.record.id, reach)
    other = await audience(room.host, room.town, one.record.id, "all" if reach == "now" else "now")
    return reached, abs(reached.people - other.people)


async def _told(room: DeskContext, one: Incident, told: Word | Denied, *, closing: bool) -> Response[Any]:
    await room.host.of(Bulletin).look(room.host.jurisdictions)
    done = "termine" if isinstance(told, Denied) else "fin" if closing else "dit"
    return go(f"{incident_path(one.record.reference)}?fait={done}#main")


def _words(room: DeskContext, sent: FormInput) -> Text | Problems:
    """The words in every language that the town writes in."""
    said = {language: words_in(sent, f"words_{language}") for language in room.town.languages}
    found: list[Problem] = []
    for language, words in said.items():
        path, label = f"words_{language}", both(gettext("Message"))
        if not words:
            missing = gettext("Write the message in French.")
            missing = missing if language == "fr" else gettext("Write the message in English too.")
            found.append(Problem(path=path, code="required", message=both(missing)))
        elif len(words) > MOST_WORDS:
            found.append(problem("too_long", path, label=label, limit=MOST_WORDS, count=len(words)))
    if found:
        return Problems(found=tuple(found))
    french = said.get("fr") or next(iter(said.values()))
    return Text(fr=french, en=said.get("en", ""))
