"""What follows a press on a request’s page: the request as it is now, or what was typed with what is wrong about it."""

from typing import Any

from litestar import Response

from parvis.i18n import gettext
from parvis.requests.changing import Conflict
from parvis.requests.records import Record
from parvis.requests.work.writers import Writers
from parvis.web.desk.one_request.case import Tried, show_case
from parvis.web.desk.room import Room, case_path, go
from parvis.web.typed import Typed
from parvis_sdk.cleaning import clean
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

CASE = "/bureau/requete/{reference:str}"
MOST_WORDS = 8000


async def answered(
    room: Room, record: Record, form: str, values: dict[str, Any], answer: Any, done: str
) -> Response[Any]:
    """The page for whatever the heart answered."""
    match answer:
        case Record():
            room.heart.of(Writers).gone(room.viewer, record.reference)
            return go(case_path(record.reference) + f"?fait={done}#main")
        case Conflict():
            now = await room.record(record.reference)
            return await show_case(room, now, Tried(form=form, values=values, conflict=answer), status=409)
        case Denied():
            now = await room.record(record.reference)
            no = answer.reason.to(room.language)
            return await show_case(room, now, Tried(form=form, values=values, refused=no), status=409)
        case _:
            return await refused(room, record, form, values, answer)


async def refused(room: Room, record: Record, form: str, values: dict[str, Any], problems: Problems) -> Response[Any]:
    """The same page with every problem at its question."""
    return await show_case(room, record, Tried(form=form, values=values, problems=problems), status=422)


def version_in(sent: Typed) -> int | Problems:
    """The version that the person saw when they filled in the form, or what is wrong where it does not say so.

    Every form that overwrites something names it: otherwise the work of somebody else would be lost unseen.
    """
    if sent.version is not None:
        return sent.version
    return wrong("", gettext("The form did not say what it was filled in from. Look at the page, then send it again."))


def words_in(sent: Typed, name: str = "words") -> str:
    return clean(sent.text(name)).strip()


def wrong_words(form: str, words: str) -> Problems | None:
    """Why these words cannot be kept, if they cannot."""
    if not words:
        return wrong(f"{form}-words", gettext("Write something first."))
    if len(words) > MOST_WORDS:
        label = both(gettext("Message"))
        return Problems(found=(problem("too_long", f"{form}-words", label=label, limit=MOST_WORDS, count=len(words)),))
    return None


def wrong(path: str, words: str) -> Problems:
    """One problem in words of the interface, already in the person's language."""
    return Problems(found=(Problem(path=path, code="required", message=both(words)),))


def both(words: str) -> Text:
    return Text(fr=words, en=words)
