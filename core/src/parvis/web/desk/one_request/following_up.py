"""Looking at a request again on a day: what is chosen beside the request."""

from datetime import date
from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from parvis import clock
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.work.follow_up import FARTHEST, MOST_WORDS, look_again
from parvis.web.desk.context import AtDesk
from parvis.web.desk.lists.filtering import day_of
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.forms import CASE, version_in, words_in, wrong
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_sdk.problems import Problems

FORM = "again"


@post(f"{CASE}/suivi")
async def set_follow_up(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Choose a day, another day, or that it was looked at."""
    record, sent = await room.record(reference, "work"), await typed(request)
    values = {"day": sent.text("day"), "other": sent.text("other"), "words": words_in(sent)[:MOST_WORDS]}
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, FORM, values, seen)
    if sent.text("_done"):
        answer = await look_again(room.heart, record.reference, None, actor=room.actor, expected=seen)
        return await answered(room, record, FORM, values, answer, "revu")
    today = local_day(room.town.calendar, clock.now())
    day = _chosen(sent)
    if day is None or not today < day <= today + FARTHEST:
        words = gettext("Choose a day that comes, within two years.")
        return await refused(room, record, FORM, values, wrong("other", words))
    answer = await look_again(room.heart, record.reference, day, values["words"], actor=room.actor, expected=seen)
    return await answered(room, record, FORM, values, answer, "suivi")


def _chosen(sent: FormInput) -> date | None:
    return day_of(sent.text("other") or sent.text("day"))
