"""The form of a request type, page by page: shown from the draft, taken over at each press, its files shown back."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import FromPath
from litestar.response import Stream

from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.attached.attachments import kept
from parvis.web.addresses import named, patterns
from parvis.web.downloads import handed_out
from parvis.web.pages import render
from parvis.web.portal.answering import is_closed, show_answer, take_answer, tell
from parvis.web.portal.drafting import FormDraft, shelf_in, with_late, working
from parvis.web.portal.joining import follow_offer
from parvis.web.portal.keeping import (
    BACK,
    CHANGE,
    KEEP,
    LANGUAGE,
    LATER,
    REVIEW_FIELD,
    is_overtaken,
    keep_as_typed,
    note_wrong,
    own_part,
    reviewed,
    sign,
)
from parvis.web.portal.linked import filled_in, linked_by
from parvis.web.portal.placing import take_place, take_what
from parvis.web.portal.sending import JOIN, SEVERAL, send, show_receipt, to_receipt
from parvis.web.portal.showing import address_of, show_overtaken, show_step, translated, where
from parvis.web.portal.steps import Step, every_step
from parvis.web.portal.taking import StepResult, take_identity, take_section
from parvis.web.portal.visit import AtPortal, see_other, visit
from parvis.web.typed import FormInput, typed
from parvis_sdk.problems import Problem, Problems


async def show_begun(work: FormDraft) -> Response[Any]:
    """To the person who began it; for everybody else there is no such page."""
    if work.is_new or work.sent_as:
        raise NotFoundException("There is no such service.")
    return _told(work)


async def keep_begun(work: FormDraft, step: Step | str, sent: FormInput) -> Response[Any]:
    """What stood on the page is kept, and the person is told why it goes no further."""
    if isinstance(step, Step):
        await keep_as_typed(work, step, sent)
    cookies = await work.save()
    if sent.text(KEEP):
        return Response({"kept": True}, cookies=cookies, headers={"cache-control": "no-store"})
    if not work.held:
        return _told(work, *cookies)
    return see_other(work.at(), *cookies)


def _told(work: FormDraft, *cookies: Cookie) -> Response[Any]:
    return render(
        work.here.request,
        "portal/withheld.html",
        request_type=work.request_type,
        kept_until=work.kept_until,
        alternates={},
        keep=False,
        cookies=cookies,
    )


AnyRequest = Request[Any, Any, Any]
STEP_WORDS = ("place", "identity", "review", "similar", "answer", "receipt")
NEW_DRAFTS = 300  # within the hour from one address, behind which a whole library may sit
DRAFTS_WINDOW = timedelta(hours=1)
PATH = re.compile(r"[\w.]{1,200}")


@get(patterns(":apply", "{theme:str}", "{slug:str}"), name="apply")
async def first_page(here: AtPortal, request: AnyRequest, theme: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """The service and its first question on one page; after a request was sent, a fresh form."""
    if (request_type := here.withheld_at(theme, slug)) is not None:
        return await show_begun(await working(here, request_type, unsent=True))
    work = await working(here, here.request_type_at(theme, slug), unsent=True)
    if work.sent_as:
        return await to_receipt(work)
    if work.is_new and (told := await linked_by(here, request.query_params)).place:
        work.raw = filled_in(work.request_type, told)
    return await show_answer(work) if is_closed(work) else await show_step(work, 0)


@get(patterns(":apply", "{theme:str}", "{slug:str}", "{step:str}"), name="apply-step")
async def later_page(here: AtPortal, theme: FromPath[str], slug: FromPath[str], step: FromPath[str]) -> Response[Any]:
    withheld = here.withheld_at(theme, slug)
    work = await working(here, withheld or here.request_type_at(theme, slug))
    wanted = step_at(work, step)
    if work.sent_as:
        return await (show_receipt if wanted == "receipt" else to_receipt)(work)
    if withheld:
        return await show_begun(work)
    if wanted == "similar":
        return await show_similar(work)
    if wanted == "answer":
        return await show_answer(work)
    index = work.steps.index(wanted) if isinstance(wanted, Step) else len(work.steps)
    if not 0 < index <= work.open_until():
        return see_other(furthest_address(work))
    return await show_step(work, index)


@post(patterns(":apply", "{theme:str}", "{slug:str}"), name="take-first", status_code=200)
async def take_first(request: AnyRequest, theme: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    return await take(request, theme, slug, "")


@post(patterns(":apply", "{theme:str}", "{slug:str}", "{step:str}"), name="take-step", status_code=200)
async def take_later(
    request: AnyRequest, theme: FromPath[str], slug: FromPath[str], step: FromPath[str]
) -> Response[Any]:
    return await take(request, theme, slug, step)


async def take(request: AnyRequest, theme: str, slug: str, step_word: str) -> Response[Any]:
    """One press: what was typed is kept whatever comes of it."""
    here = visit(request)
    withheld = here.withheld_at(theme, slug)
    work = await working(here, withheld or here.request_type_at(theme, slug), unsent=not step_word)
    sent = await typed(request)
    if work.sent_as:
        return Response({"sent": True}) if sent.text(KEEP) else await to_receipt(work)
    await count_new(work)
    wanted = step_at(work, step_word) if step_word else work.steps[0]
    if withheld:
        return await keep_begun(work, wanted, sent)
    if wanted == "answer":
        return await leave_answer(work, sent)
    if not isinstance(wanted, Step):
        return await leave_similar(work) if wanted == "similar" else await lead_on(work, step_word, sent)
    if wanted.kind in ("section", "what"):
        work.raw = with_late(work.raw, sent, work.older, work.request_type, is_new=work.is_new)
    if sent.text(KEEP):
        return await keep(work, wanted, sent)
    if any(sent.text(name) for name in (LATER, BACK, LANGUAGE, CHANGE)):
        return await leave(work, wanted, sent)
    return await send_seen(work, wanted, sent) if wanted.kind == "review" else await go_on(work, wanted, sent)


async def lead_on(work: FormDraft, step_word: str, sent: FormInput) -> Response[Any]:
    """A page of another cut of the form, or one that answers have closed since: what was typed there is kept."""
    name = named(step_word, work.here.language, STEP_WORDS)
    words = {f":{name}", step_word}
    older = (one for one in every_step(work.request_type, work.raw, work.reading) if one.word in words)
    step = next((one for one in older if one not in work.steps), None)
    cookies: tuple[Cookie, ...] = ()
    if step is not None:
        await keep_as_typed(work, step, sent)
        cookies = await work.save()
    return Response({"kept": True}) if sent.text(KEEP) else see_other(furthest_address(work), *cookies)


async def go_on(work: FormDraft, step: Step, sent: FormInput) -> Response[Any]:
    before = own_part(work, step)
    taken = await take_step(work, step, sent)
    index = work.steps.index(step) if step in work.steps else 0
    if is_overtaken(work, step, sent) and own_part(work, step) != before:
        return await show_overtaken(work, index, before)
    sign(work, step, sent)
    if taken.problems:
        first = await comes_first(work, step, taken.problems)
        cookies = await work.save()
        problems = Problems(found=taken.problems)
        return see_other(first, *cookies) if first else await show_step(work, index, problems, *cookies)
    if taken.stay_at:
        cookies = await work.save()
        return see_other(f"{address_of(work, step, index)}#{taken.stay_at}", *cookies)
    work.finish(step)
    answered = await tell(work)
    cookies = await work.save()
    if step.kind == "send" and not answered:
        return await send_seen(work, step, sent, *cookies)
    return see_other(work.at(":answer") if answered else await next_address(work, step), *cookies)


async def send_seen(work: FormDraft, step: Step, sent: FormInput, *cookies: Cookie) -> Response[Any]:
    """Sends what the last look has shown; what another tab changed since is shown first."""
    if sent.text(REVIEW_FIELD) not in ("", reviewed(work, step)) and not work.problems():
        return await show_step(work, len(work.steps) - 1, None, *cookies, is_seen_before=True)
    return await send(work, join=bool(sent.text(JOIN)))


async def comes_first(work: FormDraft, step: Step, problems: Sequence[Problem]) -> str:
    """The page that comes before the questions still open on a short form: what answers this place, or what others have
    reported there, may make them needless. What is missing is told after it.
    """
    if step.kind != "what" or any(problem.path.startswith("place") for problem in problems):
        return ""
    note_wrong(work, step, problems)
    if await tell(work):
        return work.at(":answer")
    if await is_similar_new(work):
        return work.at(":similar")
    note_wrong(work, step, ())
    return ""


async def keep(work: FormDraft, step: Step, sent: FormInput) -> Response[Any]:
    """What a script sends while somebody types: kept without a word on what is wrong, unless another tab was faster."""
    before = own_part(work, step)
    await keep_as_typed(work, step, sent)
    if is_overtaken(work, step, sent) and own_part(work, step) != before:
        return Response({"overtaken": True})
    sign(work, step, sent)
    cookies = await work.save()
    index = work.steps.index(step) if step in work.steps else 0
    there = {"kept": True, "at": address_of(work, step, index)}
    return Response(there, cookies=cookies, headers={"cache-control": "no-store"})


async def leave(work: FormDraft, step: Step, sent: FormInput) -> Response[Any]:
    """Back, away until later, or on in another language: without loss and without a word on what is still missing."""
    before = own_part(work, step)
    troubles = await keep_as_typed(work, step, sent)
    index = work.steps.index(step) if step in work.steps else 0
    if is_overtaken(work, step, sent) and own_part(work, step) != before:
        return await show_overtaken(work, index, before)
    sign(work, step, sent)
    cookies = await work.save()
    if troubles:
        return await show_step(work, index, Problems(found=troubles), *cookies)
    if sent.text(LATER):
        onward = work.at(":later") if shelf_in(work.here) else address_of(work, step, index)
        return see_other(onward, *cookies)
    if (language := sent.text(LANGUAGE)) in work.here.town.languages:
        return see_other(translated(language, work, step, index), *cookies)
    if path := sent.text(CHANGE):
        return see_other(where(work, path if PATH.fullmatch(path) else ""), *cookies)
    previous = max(index - 1, 0)
    return see_other(address_of(work, work.steps[previous], previous), *cookies)


async def count_new(work: FormDraft) -> None:
    if work.is_new:
        key = key_of("draft", caller_of(work.here.request))
        if not await take_try(work.here.host.engine, key, NEW_DRAFTS, DRAFTS_WINDOW):
            raise TooManyRequestsException(SEVERAL)


async def take_step(work: FormDraft, step: Step, sent: FormInput) -> StepResult:
    match step.kind:
        case "place":
            return await take_place(work, sent)
        case "what":
            return await take_what(work, step, sent)
        case "identity" | "send":
            return take_identity(work, sent)
        case _:
            return await take_section(work, step, sent)


async def leave_answer(work: FormDraft, sent: FormInput) -> Response[Any]:
    """After an answer: away, or on with the form where it was left."""
    if (done := await take_answer(work, sent)) is not None:
        return done
    cookies = await work.save()
    return see_other(await next_address(work, work.steps[0]), *cookies)


async def next_address(work: FormDraft, after: Step) -> str:
    """The page that comes now: the first one not gone through, or the look at everything."""
    if after.asks_place and await is_similar_new(work):
        return work.at(":similar")
    return furthest_address(work)


async def is_similar_new(work: FormDraft) -> bool:
    """Whether others have reported something like it here, which the person has not seen yet."""
    offer = follow_offer(work.here)
    return offer is not None and work.raw.get("looked") != place_mark(work) and bool(await offer.similar(work))


def furthest_address(work: FormDraft) -> str:
    furthest = work.open_until()
    return address_of(work, work.steps[furthest], furthest)


def place_mark(work: FormDraft) -> str:
    place = work.raw.get("place") or {}
    return f"{place.get('lon', '')} {place.get('lat', '')}"


async def show_similar(work: FormDraft) -> Response[Any]:
    """Requests that others made about the same thing: one may follow one of them instead."""
    offer = follow_offer(work.here)
    found = await offer.similar(work) if offer else ()
    return offer.show(work, found) if offer and found else await leave_similar(work)


async def leave_similar(work: FormDraft) -> Response[Any]:
    """None of these: on with the form, and not asked again for this place."""
    work.raw["looked"] = place_mark(work)
    cookies = await work.save()
    return see_other(furthest_address(work), *cookies)


def step_at(work: FormDraft, step_word: str) -> Step | str:
    """The step behind the last word of an address; "" for one that the answers have closed."""
    name = named(step_word, work.here.language, STEP_WORDS)
    if name in ("similar", "answer", "receipt"):
        return name
    for step in work.steps:
        if step.word == (f":{name}" if name else step_word):
            return step
    if name or step_word in {str(number) for number in range(1, len(work.request_type.form.sections) + 1)}:
        return ""
    raise NotFoundException("There is no such step.")


@get(patterns(":apply", "{theme:str}", "{slug:str}", ":files", "{id:str}"), name="preview")
async def preview(
    here: AtPortal, request: AnyRequest, theme: FromPath[str], slug: FromPath[str], id: FromPath[str]
) -> Stream:
    work = await working(here, here.request_type_at(theme, slug))
    file = await kept(id)
    if file is None or file.request is not None or file.holder != work.holder:
        raise NotFoundException("There is no such file.")
    return await handed_out(here.host, file, request=request)
