"""Answers given in place of requests, as the manager's page names and counts them."""

from datetime import date

from msgspec import Struct

from parvis.db.tables import Deflection
from parvis.i18n import gettext, say
from parvis.jurisdictions.services import SERVICES, in_the_words_of
from parvis.requests.advice import WHATS, notice_titles
from parvis.requests.offered import types_of
from parvis.web.desk.context import DeskContext
from parvis_sdk.fields import OneOf
from parvis_sdk.request_types import RequestType

SUMMED = """
SELECT type, answer, SUM(told) AS told, SUM(settled) AS settled, SUM(insisted) AS insisted FROM told
WHERE jurisdiction = {{}} AND day >= {{}} AND day <= {{}}{types} GROUP BY type, answer
"""


class DeflectionCount(Struct, frozen=True, kw_only=True):
    """One answer over some days: how often it was given, how often it helped, how often people filed all the same."""

    type: str
    answer: str
    told: int
    settled: int
    insisted: int


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


async def told_between(
    jurisdiction: str, since: date, until: date, types: tuple[str, ...] = ()
) -> tuple[DeflectionCount, ...]:
    """Everything counted from one day to another, both included, the most told first; one statement."""
    narrowed = f" AND type IN ({', '.join(['{}'] * len(types))})" if types else ""
    rows = await Deflection.raw(
        SUMMED.format(types=narrowed), jurisdiction, since.isoformat(), until.isoformat(), *types
    )
    found = [
        DeflectionCount(type=row["type"], answer=row["answer"], **{each: int(row[each] or 0) for each in WHATS})
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (-(one.told + one.settled), one.type, one.answer)))


def words_of(room: DeskContext, request_type: RequestType | None, mark: str) -> str:
    """What the answer said; its code once nobody declares it any more."""
    what, _, code = mark.partition(":")
    if what in ("stop", "divert"):
        title = notice_titles(room.host, room.town).get(code)
        return say(title) if title is not None else code
    if what == "operation":
        of_type, _, reference = code.partition("-")  # of an incident also which one
        operation = room.host.plugins.request_type(of_type)
        said = f"{say(operation.title)} {reference.upper()}".strip() if operation else code
        return gettext("Operation under way: %(title)s") % {"title": said}
    if what == "schedule":
        return gettext("No collection that day: %(stream)s") % {"stream": stream_of(request_type, code)}
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
