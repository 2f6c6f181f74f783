"""Is it settled? Asked by the agent who speaks with the requester, beside the request and on the list of calls."""

from typing import Any

from litestar import Response, post
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.requests.closing import asked_in
from parvis.requests.work.untold import tells
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.forms import CASE
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.typed import typed
from parvis_sdk.problems import Problems
from parvis_telephone.desk.box import SLOT
from parvis_telephone.desk.calls import list_of, list_wanted
from parvis_telephone.voice_survey import ANSWERS, answer_by_voice, open_questions


async def survey_panel(room: DeskContext, case: Case) -> Panel | None:
    """None where the person has answered already, where there is nobody to ask, or where others speak with them."""
    is_nobody = case.record.identity == "anonymous" and case.shown.contact is None
    if is_nobody or not tells(room.host, room.viewer, case.record):
        return None
    question = (await open_questions(room.host, (case.record,))).get(case.record.id)
    if question is None:
        return None
    values = {"question": question, "reference": case.record.reference}
    return Panel(template="telephone/survey_box.html", values=values, weight="quiet")


@post(f"{CASE}/sondage")
async def record_answer(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Record the person's answer, once."""
    record, sent = await room.record(reference), await typed(request)
    if not tells(room.host, room.viewer, record):
        raise PermissionDeniedException("This needs the right 'work' or 'intake' over the request.")
    answer = next((each for each in ANSWERS if each == sent.text("answer")), None)
    said = await answer_by_voice(room.host, record, answer, sent.text("words"), by=room.actor) if answer else None
    done = "sondage-plus" if isinstance(said, Problems) else "sondage" if said else "sondage-deja"
    if sent.text("from") == "list":
        return go(list_of(list_wanted(sent), sent.text("unit"), done) + "#main")
    return go(case_path(record.reference) + f"?fait={done}#main")


SURVEY_PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="survey",
    after="calls",
    title=lambda: gettext("Survey by telephone"),
    applies=lambda room, case: bool(asked_in(room.host, room.town, case.request_type, case.record.state)),
    draw=survey_panel,
)
DONE = tuple(
    DoneMessage(slot=SLOT, name=name, text=text)
    for name, text in (
        ("sondage", lambda: gettext("The answer is recorded.")),
        ("sondage-deja", lambda: gettext("The person has already answered. Nothing was changed.")),
        ("sondage-plus", lambda: gettext("To answer “no”, the person must use their own page.")),
    )
)
