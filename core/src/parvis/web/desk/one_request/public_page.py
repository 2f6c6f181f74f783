"""The public page of a request at the desk: words to publish, reports about it, hiding it and showing it again."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.requests.publishing import MOST_WORDS, hide_page, keep_page, publish_words, show_page, take_words_back
from parvis.web.desk.context import AtDesk
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.forms import CASE, version_in, words_in, wrong
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_sdk.problems import Problems

FORM = "page"


@post(f"{CASE}/page-publique", status_code=200)
async def change_page(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Publish words or take them back, hide the page or show it, or say that a report is no reason to hide it."""
    record, sent = await room.record(reference, "amend"), await typed(request)
    deed, reason = sent.text("do"), words_in(sent, "reason")
    values = {"do": deed, "reason": reason[:MOST_WORDS]}
    if deed != "publish" and not 0 < len(reason) <= MOST_WORDS:
        words = gettext("Enter a reason.") if not reason else gettext("This is too long.")
        return await refused(room, record, FORM, values, wrong(f"{FORM}-reason", words))
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, FORM, values, seen)
    heart, number, actor = room.heart, record.reference, room.actor
    match deed:
        case "publish":
            answer = await publish_words(heart, number, actor=actor, expected=seen)
        case "take-back":
            answer = await take_words_back(heart, number, reason, actor=actor, expected=seen)
        case "hide":
            answer = await hide_page(heart, number, reason, actor=actor)
        case "show":
            answer = await show_page(heart, number, reason, actor=actor, expected=seen)
        case "keep":
            answer = await keep_page(heart, number, reason, actor=actor)
        case _:
            return await refused(room, record, FORM, values, wrong(f"{FORM}-do", gettext("Choose what to do.")))
    return await answered(room, record, FORM, values, answer, DONE[deed])


DONE = {
    "publish": "publie",
    "take-back": "texte-retire",
    "hide": "masquee",
    "show": "affichee",
    "keep": "rien-a-masquer",
}
