"""Answers given in place of requests, as the manager's page names and counts them."""

from datetime import date

from msgspec import Struct

from parvis.i18n import gettext, say
from parvis.jurisdictions.services import SERVICES, in_the_words_of
from parvis.requests.advice import DeflectionCount, notice_titles, told_between
from parvis.requests.offered import types_of
from parvis.web.desk.context import DeskContext
from parvis_sdk.fields import OneOf
from parvis_sdk.request_types import RequestType


class DeflectionLine(Struct, frozen=True, kw_only=True):
    """One answer by its words, with its type and what was counted."""

    type: str
    answer: str
    counted: DeflectionCount


async def answers_given(room: DeskContext, since: date, until: date, type: str = "") -> tuple[DeflectionLine, ...]:
    """Everything counted in the period; one statement."""
    request_types = {request_type.code: request_type for request_type in types_of(room.host, room.town)}
    counted = await told_between(room.town.code, since, until, (type,) if type else ())
    return tuple(
        DeflectionLine(
            type=say(request_types[each.type].title) if each.type in request_types else each.type,
            answer=words_of(room, request_types.get(each.type), each.answer),
            counted=each,
        )
        for each in counted
    )


def words_of(room: DeskContext, request_type: RequestType | None, mark: str) -> str:
    """What the answer said; its code once nobody declares it any more."""
    what, _, code = mark.partition(":")
    if what in ("stop", "divert"):
        title = notice_titles(room.host, room.town).get(code)
        return say(title) if title is not None else code
    if what == "operation":
        operation = room.host.plugins.request_type(code)
        return gettext("Operation under way: %(title)s") % {"title": say(operation.title) if operation else code}
    if what == "schedule":
        return gettext("Not that day: %(stream)s") % {"stream": stream_of(request_type, code)}
    answers = (
        in_the_words_of(
            SERVICES.of(room.town).get(request_type.code), request_type.about, request_type.theme.answers
        ).answers
        if request_type
        else ()
    )
    return next((say(answer.question) for answer in answers if answer.code == code), code)


def stream_of(request_type: RequestType | None, code: str) -> str:
    rule = request_type.scheduled if request_type else None
    field = (
        next((field for field in request_type.form.fields() if rule and field.code == rule.stream), None)
        if request_type
        else None
    )
    options = field.options if isinstance(field, OneOf) else ()
    stream = code.removeprefix(f"{rule.schedule}-") if rule else code
    return next((say(option.label) for option in options if option.code == stream), stream)
