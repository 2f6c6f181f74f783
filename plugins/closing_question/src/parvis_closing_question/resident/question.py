"""Is it settled? Asked on the page of a request and on one of its own, which changes nothing when it is opened."""

from datetime import timedelta
from typing import Any, Literal

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from msgspec import Struct, structs

from parvis import clock
from parvis.i18n import format_day, gettext, ngettext, say
from parvis.requests.closing import REOPEN, SAYING_NO, STILL_THERE, ClosingQuestion
from parvis.requests.declarations import is_offered, type_of_record
from parvis.requests.device_keys import device_in, device_key, find_with_key
from parvis.requests.links import NO, has_right
from parvis.requests.records import Record, find
from parvis.requests.references import normalise
from parvis.requests.relations.merged import goes_on_with
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis.web import done_messages
from parvis.web.addresses import address, in_each, patterns
from parvis.web.done_messages import SAID, SLOT, DoneMessage
from parvis.web.pages import render
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import AtPortal, Visit, see_other, visit
from parvis.web.sign_in.guard import WHERE_OFF
from parvis.web.storytelling import entry
from parvis.web.track.actions import MovePage
from parvis.web.track.entrance import not_here
from parvis.web.track.keys import (
    ANSWER_COOKIE,
    COOKIE,
    MOST_KEY,
    NoKey,
    TrackedRequest,
    allowed,
    held,
    key_cookies,
    no_longer,
    opened_by,
    own_address,
    private,
)
from parvis.web.track.meanwhile import keep_as_message
from parvis.web.track.view import town_told
from parvis.web.typed import typed
from parvis_closing_question.others import others_asked, question_now, voices_along
from parvis_closing_question.reopening import say_so_too
from parvis_closing_question.standing import MOST_WORDS, answer_settled, closing_of, no_from
from parvis_sdk.fields import Consent, LongText
from parvis_sdk.parties import Right
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
ANSWERS = timedelta(days=1)
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


async def held_to_answer(here: Visit, reference: str, right: Right | Literal["all"] = "all") -> TrackedRequest:
    """The request, for its holder or for a person who came by the link that asks whether it is settled."""
    if here.request.cookies.get(COOKIE) and (found := await held(here, reference)):
        return allowed(found, right)
    key = here.request.cookies.get(ANSWER_COOKIE, "")[:MOST_KEY]
    record, is_ended = await find_with_key(reference, key)
    if (
        record is None
        or is_ended
        or record.jurisdiction != here.town.code
        or not device_in(here.host, record, "settled", key)
    ):
        raise NoKey(normalise(reference) or "")
    request_type = await type_of_record(here.host, record)
    return TrackedRequest(record=record, request_type=request_type, answers_only=True, page=(":settled",))


# On the page of the request, and on that of saying no.


async def standing_panel(here: Visit, found: TrackedRequest) -> Panel | None:
    """What is asked, or until when it was; None where it was answered and no may still be said by the step itself."""
    closing = closing_of(found.request_type, found.record, found.past, clock.now())
    question = question_about(here, found, closing)
    if question is None or (question.no and not question.is_open):
        return None
    told = town_told(found.lines) if question.is_open else None
    values = {
        "question": question,
        "done": entry(told, lambda id: own_address(here, found, ":files", id), mine=True) if told else None,
        "settled": own_address(here, found, ":settled"),
        "moves": SAYING_NO,
    }
    return Panel(template="closing_question/standing.html", values=values)


STANDING: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.standing",
    name="closing_question",
    title=lambda: gettext("Is it resolved?"),
    applies=lambda here, found: found.viewer.is_requester and bool(no_from(found.request_type, found.record.state)),
    draw=standing_panel,
)


async def along_panel(here: Visit, found: TrackedRequest) -> Panel | None:
    """Where they say it of the request with which their own goes on; None where they are not asked."""
    other = await goes_on_with(found.record)
    voices = await voices_along(found.record, other) if other is not None else ()
    if other is None or not voices:
        return None
    asks = (await others_asked(here.host, other, voices, True)).asks
    values = {"asks": asks, "settled": own_address(here, found, ":settled")}
    return Panel(template="closing_question/along.html", values=values) if asks else None


ALONG: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.joined",
    name="closing_question",
    title=lambda: gettext("Is it resolved?"),
    draw=along_panel,
)


async def refused_at(here: Visit, found: TrackedRequest) -> str:
    """The page of the question once it is too late to say no, or was said too often."""
    closing = await question_now(here.host, found.record)
    return own_address(here, found, ":settled") if closing and closing.refusal else ""


async def words_of_limits(here: Visit, found: TrackedRequest) -> str:
    """What saying no does, until when and how often it may be said."""
    closing = await question_now(here.host, found.record)
    opens = gettext("The same request is opened again, with all that was said and done.")
    return f"{opens} {limits(closing)}" if closing else ""


async def held_to_say_no(here: Visit, reference: str) -> TrackedRequest:
    return await held_to_answer(here, reference, "act")


SAYING: tuple[MovePage, ...] = tuple(
    MovePage(
        slot="tracking.move",
        name=code,
        held=held_to_say_no,
        elsewhere=refused_at,
        words=words_of_limits,
        done="rouvert",
    )
    for code in SAYING_NO
)
DONE = (
    DoneMessage(slot=SLOT, name="regle", text=lambda: gettext("Thank you. We have noted that it is resolved.")),
    DoneMessage(
        slot=SLOT,
        name="rouvert",
        text=lambda: gettext("Thank you for telling us. Your request is open again, under the same number."),
    ),
)


# The page of the question.


def to_request(request: AnyRequest) -> Response[Any]:
    """Letters keep their links where the town no longer asks: these lead to the request, which says what it allows."""
    key = request.query_params.get("cle", "")[:MOST_KEY]
    query = {"cle": key} if key else {}
    answer = see_other(address(visit(request).language, ":track", str(request.path_params["reference"]), **query))
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


@get(patterns(":track", "{reference:str}", ":settled"), name="settled-page", opt={WHERE_OFF: to_request})
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
    question = question_about(here, found, await question_now(here.host, found.record))
    if (other := await goes_on_with(found.record)) is not None:
        voices = await voices_along(found.record, other)
        is_asked = bool(voices) and is_offered(here.host, other)
        along = {"heading": False, **structs.asdict(await others_asked(here.host, other, voices, is_asked))}
        too_late = structs.replace(question, said="") if question and not question.no else None
        return await show(here, found, too_late, along)
    if question and question.is_open and reponse == NO and question.no:
        return see_other(question.no)
    return await show(here, found, question)


async def take_key(here: Visit, reference: str, key: str, said: str) -> Response[Any]:
    """Put the right to answer into a cookie, and no other: an older link, whose key opens everything, gives no more."""
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
    record, kept = found.record, done_messages.KEPT_ANYWAY
    done = town_told(await story(here.host, record, HOLDER, here.language))
    if done and found.answers_only:
        done = structs.replace(done, answers=(), attachments=())
    return render(
        here.request,
        "closing_question/settled.html",
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
        kept_anyway=kept.text() if here.request.query_params.get(SAID) == kept.name else "",
        alternates=in_each(here.town.languages, ":track", record.reference, ":settled"),
        **private(),
    )


@post(patterns(":track", "{reference:str}", ":settled"), name="settled", status_code=200)
async def say_settled(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Yes, or no answer at all; a no is said on a page of its own, with words and photos."""
    found = await held_to_answer(here, reference)
    sent = await typed(request)
    if (other := await goes_on_with(found.record)) is not None:
        if sent.text("do") == REOPEN and (voices := await voices_along(found.record, other)):
            await say_so_too(here.host, other.reference, voices, joined=True)
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
    more = {SAID: done_messages.KEPT_ANYWAY.name} if is_kept else {}
    return see_other(own_address(here, found, ":settled", **more))
