"""Information before a request: the page of a service, answers that need no request, schedules, operations."""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField, Date, OneOf, Time
from parvis_sdk.mistakes import code_mistakes, text_mistakes
from parvis_sdk.text import Text

OpenedBy = Literal["anyone", "town"]
ZONES = "zones"


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A frequent question that needs no request. `link` is an address with more information.

    How often an answer helped is counted under `code`, by type and day, and nothing about the person.
    """

    code: str
    question: Text
    answer: Text
    link: str = ""


class About(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the page of a service adds to what is derived from its form, service levels and identity modes.

    Without `cost` the service is free. `next` are the few lines on what happens after sending. With `first`, links to
    the service lead to this page before the form: for what has to be prepared.
    """

    who: Text | None = None
    cost: Text | None = None
    next: tuple[Text, ...] = ()
    answers: tuple[Answer, ...] = ()
    first: bool = False


class Scheduled(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that comes by a schedule of the town, so that "it did not come" may be answered with "not today".

    `stream` is the question (one of several) whose answers are the streams of the schedule, `day` the date on which it
    should have come. Where the schedule says otherwise, the person is told, and files nothing unless they insist;
    `insist` are the words on that button, and without them nobody may.
    """

    schedule: str
    stream: str
    day: str
    insist: Text | None = None


class Operation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Makes a type of the town an operation that residents may follow while it is under way.

    `ends_on` (a date) and perhaps `ends_at` (a time) are the questions on its promised end. The host adds the question
    `zones`: in which zones of the town it takes place, none being everywhere.
    """

    ends_on: str
    ends_at: str = ""


def about_mistakes(about: About) -> Iterator[DeclarationMistake]:
    """Every mistake in the page of a service."""
    for name, text in (("who", about.who), ("cost", about.cost), *(("next", text) for text in about.next)):
        yield from text_mistakes(text, f"about · {name}")
    yield from answer_mistakes(about.answers, "about")


def answer_mistakes(answers: Sequence[Answer], where: str) -> Iterator[DeclarationMistake]:
    """Every mistake in answers that need no request."""
    codes = [answer.code for answer in answers]
    for answer in answers:
        here = f"{where} · answer {answer.code!r}"
        yield from code_mistakes(answer.code, here)
        yield from text_mistakes(answer.question, f"{here} · question")
        yield from text_mistakes(answer.answer, f"{here} · answer")
        if codes.count(answer.code) > 1:
            yield DeclarationMistake(where=here, what="two answers have this code", now_what="give each its own code")
        if answer.link and not answer.link.startswith(("https://", "http://", "/")):
            what = f"{answer.link!r} is no address"
            yield DeclarationMistake(
                where=here, what=what, now_what="begin it with https://, or with / for a page of the town"
            )


def scheduled_mistakes(scheduled: Scheduled | None, fields: Sequence[AnyField]) -> Iterator[DeclarationMistake]:
    """Whether a schedule is asked about with questions that can answer."""
    if scheduled is None:
        return
    yield from code_mistakes(scheduled.schedule, "scheduled · schedule")
    yield from _kind_mistakes("scheduled · stream", scheduled.stream, OneOf, fields)
    yield from _kind_mistakes("scheduled · day", scheduled.day, Date, fields)
    yield from text_mistakes(scheduled.insist, "scheduled · insist")


def operation_mistakes(
    operation: Operation | None, opened_by: OpenedBy, fields: Sequence[AnyField]
) -> Iterator[DeclarationMistake]:
    """The mistakes of an operation: it must be opened by the town and declare when it ends."""
    if operation is None:
        return
    yield from _kind_mistakes("operation · ends_on", operation.ends_on, Date, fields)
    if operation.ends_at:
        yield from _kind_mistakes("operation · ends_at", operation.ends_at, Time, fields)
    if opened_by != "town":
        what = "anybody could declare this operation"
        yield DeclarationMistake(where="operation", what=what, now_what='add opened_by="town" to the request type')
    if any(field.code == ZONES for field in fields):
        what = f"the form asks {ZONES!r}, which the host adds to operations"
        yield DeclarationMistake(
            where="operation", what=what, now_what="give the question another code, or leave it out"
        )


def _kind_mistakes(where: str, code: str, kind: type, fields: Sequence[AnyField]) -> Iterator[DeclarationMistake]:
    field = next((field for field in fields if field.code == code), None)
    if field is None:
        yield DeclarationMistake(
            where=where, what=f"{code!r} is not asked in the form", now_what="name a question of the form"
        )
    elif not isinstance(field, kind):
        what = f"{code!r} is a {type(field).__name__} where a {kind.__name__} is needed"
        yield DeclarationMistake(
            where=where, what=what, now_what=f"ask it as a {kind.__name__}, or name another question"
        )
