"""Is it settled? The question after the work, answered by one press; opening its page changes nothing."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from msgspec import Struct, structs

from parvis import clock
from parvis.i18n import format_day, gettext, ngettext, say
from parvis.requests.closing import MOST_WORDS, STILL_THERE, ClosingQuestion, answer_settled, closing_of
from parvis.requests.contacts import contact_of
from parvis.requests.declarations import is_offered, type_of_record
from parvis.requests.device_keys import device_key
from parvis.requests.history import entries_of
from parvis.requests.links import NO, has_right
from parvis.requests.not_fixed import say_so_too
from parvis.requests.persons.followers import voices_of
from parvis.requests.records import Record, find
from parvis.requests.relations.merged import goes_on_with
from parvis.requests.timeline import StoryLine, story
from parvis.requests.visibility import HOLDER
from parvis.unit_managers import who_decides
from parvis.web.addresses import address, in_each, patterns
from parvis.web.done_messages import KEPT_ANYWAY, SAID
from parvis.web.pages import render
from parvis.web.portal.joining import question_to
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.storytelling import entry
from parvis.web.track.entrance import not_here
from parvis.web.track.keys import (
    ANSWER_COOKIE,
    ANSWERS,
    MOST_KEY,
    TrackedRequest,
    held_to_answer,
    key_cookies,
    no_longer,
    opened_by,
    own_address,
    private,
)
from parvis.web.track.meanwhile import keep_as_message
from parvis.web.typed import typed
from parvis_sdk.fields import Consent, LongText
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
WORDS = LongText(
    code="words",
    label=Text(fr="Commentaire pour l’équipe", en="Comment for the team"),
    required=False,
    max_length=2000,
    rows=3,
)
MAY_CALL = Consent(
    code="may_call",
    label=Text(fr="Être rappelé", en="Being called back"),
    statement=Text(fr="Vous pouvez m’appeler à ce sujet.", en="You may call me about it."),
    required=False,
)


class Question(Struct, frozen=True, kw_only=True):
    """What the page says of the question: whether it is open, what was said, until when no may be said, or why not.

    With `elsewhere` another body is to see to it, and the question is whether it is still there; with `again` a new
    request is made at that address in the place of this one, which is over for too long.
    """

    is_open: bool
    said: str
    limits: str
    no: str
    elsewhere: bool = False
    again: str = ""


def question_about(here: Visit, found: TrackedRequest, closing: ClosingQuestion | None) -> Question | None:
    """The question as a page shows it; None where it is not asked."""
    if closing is None or not is_offered(here.host, found.record):
        return None
    refusal = closing.refusal
    return Question(
        is_open=closing.is_open,
        said=closing.said,
        limits=say(refusal) if refusal else limits(closing),
        no="" if refusal else own_address(here, found, ":do", closing.move),
        elsewhere=closing.move == STILL_THERE,
        again=own_address(here, found, ":again") if closing.is_past else "",
    )


def limits(closing: ClosingQuestion) -> str:
    """Until when and how often the request can be opened again, in words."""
    until = gettext("You may say so until %(day)s.") % {"day": format_day(closing.until, clock.now())}
    times = ngettext(
        "It can be opened again %(num)s more time.", "It can be opened again %(num)s more times.", closing.left
    )
    return f"{until} {times % {'num': closing.left}}"


async def closing_now(here: Visit, found: TrackedRequest) -> ClosingQuestion | None:
    """How the question stands, of a merged request that of the one with which it goes on."""
    other = await goes_on_with(found.record)
    if other is None:
        return closing_of(found.request_type, found.record, await entries_of(found.record), clock.now())
    return closing_of(await type_of_record(here.host, other), other, await entries_of(other), clock.now(), "system")


async def voices_along(record: Record, other: Record) -> tuple[str, ...]:
    """By which ids its person counts there; none of whom nothing is known, so that nobody counts twice."""
    contact = await contact_of(record)
    way = (contact.email or contact.phone) if contact else ""
    return await voices_of(other, record.id, way) if way else ()


def town_told(lines: tuple[StoryLine, ...]) -> StoryLine | None:
    """The last thing that the town told: what was done, or what it asks."""
    return next((line for line in reversed(lines) if line.kind == "moved" and not line.by_requester), None)


@get(patterns(":track", "{reference:str}", ":settled"), name="settled-page")
async def settled_page(
    here: AtPortal,
    reference: FromPath[str],
    cle: FromQuery[str] = "",
    jeton: FromQuery[str] = "",
    reponse: FromQuery[str] = "",
) -> Response[Any]:
    """Where both links of the closing message lead."""
    if key := (jeton or cle):
        return await take_key(here, reference, key, reponse)
    found = await held_to_answer(here, reference)
    question = question_about(here, found, await closing_now(here, found))
    if (other := await goes_on_with(found.record)) is not None:
        voices = await voices_along(found.record, other)
        is_asked = bool(voices) and is_offered(here.host, other)
        along = await question_to(here.host, other, voices, is_asked=is_asked)
        too_late = structs.replace(question, said="") if question and not question.no else None
        return await show(here, found, too_late, along)
    if question and question.is_open and reponse == NO and question.no:
        return see_other(question.no)
    return await show(here, found, question)


async def take_key(here: Visit, reference: str, key: str, said: str) -> Response[Any]:
    """The right to answer goes into a cookie, and no other: a link of before, whose key opens everything, gives no
    more."""
    record = await find(here.host, reference)
    if record is None or record.jurisdiction != here.town.code:
        raise not_here()
    if not has_right(here.host, record, "settled", key[:MOST_KEY]):
        opened = await opened_by(here, reference, key)
        if opened is None or opened.party is not None:
            raise no_longer(reference, key)
    only = device_key(here.host, record, "settled", ANSWERS)
    query = {"reponse": said} if said in ("oui", NO) else {}
    path = address(here.language, ":track", record.reference, ":settled", **query)
    answer = see_other(path, *key_cookies(here, record.reference, only, ANSWERS.days, ANSWER_COOKIE))
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


async def show(
    here: Visit, found: TrackedRequest, question: Question | None, along: dict[str, Any] | None = None
) -> Response[Any]:
    record = found.record
    done = town_told(await story(here.host, record, HOLDER, here.language))
    if done and found.answers_only:
        done = structs.replace(done, answers=(), attachments=())
    return render(
        here.request,
        "track/settled.html",
        reference=record.reference,
        title=found.request_type.title,
        question=question,
        along=along,
        done=entry(done, lambda id: own_address(here, found, ":files", id), mine=True) if done else None,
        fields=(WORDS, MAY_CALL),
        values={},
        problems=None,
        kept={},
        back=own_address(here, found),
        answers_only=found.answers_only,
        opened_again=here.request.query_params.get(SAID) == "rouvert",
        kept_anyway=KEPT_ANYWAY.text() if here.request.query_params.get(SAID) == KEPT_ANYWAY.name else "",
        alternates=in_each(here.town.languages, ":track", record.reference, ":settled"),
        **private(),
    )


@post(patterns(":track", "{reference:str}", ":settled"), name="settled", status_code=200)
async def say_settled(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Yes, or no answer at all; a no is said on a page of its own, with words and photos."""
    found = await held_to_answer(here, reference)
    sent = await typed(request)
    if (other := await goes_on_with(found.record)) is not None:
        if sent.text("do") == "not_fixed" and (voices := await voices_along(found.record, other)):
            await say_so_too(here.host, other.reference, voices, who_decides, joined=True)
        return see_other(own_address(here, found, ":settled"))
    unasked = sent.text("do") == "unasked"
    answer = await answer_settled(
        here.host,
        found.record.reference,
        words=sent.text("words"),
        may_call=bool(sent.text("may_call")),
        unasked=unasked,
    )
    if isinstance(answer, Record) and not found.answers_only:
        return see_other(f"{own_address(here, found, fait='1' if unasked else 'regle')}#main")
    # Answered already, by a second press, in another tab or by others: the page says so.
    fields = (WORDS, MAY_CALL)
    raw = {field.code: sent.text(field.code)[:MOST_WORDS] for field in fields}
    is_kept = not isinstance(answer, Record) and await keep_as_message(here, found, fields, raw)
    return see_other(own_address(here, found, ":settled", **({SAID: KEPT_ANYWAY.name} if is_kept else {})))
