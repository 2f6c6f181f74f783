"""The form of a request type, page by page: shown from the draft, taken over at each press, sent once at the end."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import FromPath

from parvis.people.throttle import key_of, take_try
from parvis.requests import drafts
from parvis.requests.intake import take_in, taken_before
from parvis.web.addresses import address, named, patterns
from parvis.web.pages import render
from parvis.web.portal.drafting import Working, anew, working
from parvis.web.portal.joining import similar_here
from parvis.web.portal.placing import take_place
from parvis.web.portal.showing import show_step
from parvis.web.portal.steps import Step
from parvis.web.portal.taking import Taken, take_identity, take_section
from parvis.web.portal.visit import Visit, apply_address, see_other, visit
from parvis.web.track.keys import key_cookies
from parvis.web.typed import typed
from parvis_sdk.counter import Receipt
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType

AnyRequest = Request[Any, Any, Any]
STEP_WORDS = ("place", "identity", "review", "similar")
SENDINGS = 40
SENDING_WINDOW = timedelta(hours=1)


@get(patterns(":apply", "{theme:str}", "{slug:str}"), name="apply")
async def first_page(request: AnyRequest, theme: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """The service and its first question on one page; after a request was sent, a fresh form."""
    here = visit(request)
    kind = here.kind_at(theme, slug)
    work = await working(here, kind)
    if work.sent_as:
        work = anew(here, kind)
    return await show_step(work, 0)


@get(patterns(":apply", "{theme:str}", "{slug:str}", "{step:str}"), name="apply-step")
async def later_page(
    request: AnyRequest, theme: FromPath[str], slug: FromPath[str], step: FromPath[str]
) -> Response[Any]:
    here = visit(request)
    kind = here.kind_at(theme, slug)
    work = await working(here, kind)
    if work.sent_as:
        return see_other(address(here.language, ":track", work.sent_as, ":receipt"))
    wanted = step_at(work, step)
    if wanted == "similar":
        return await show_similar(work)
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
    kind = here.kind_at(theme, slug)
    work = await working(here, kind)
    if work.sent_as and step_word:
        return see_other(address(here.language, ":track", work.sent_as, ":receipt"))
    if work.sent_as:
        work = anew(here, kind)
    wanted = step_at(work, step_word) if step_word else work.steps[0]
    if not isinstance(wanted, Step):
        return await leave_similar(work) if wanted else see_other(furthest_address(work))
    if wanted.kind == "review":
        return await send(work)
    taken = await take_step(work, wanted, request)
    index = work.steps.index(wanted) if wanted in work.steps else 0
    if taken.problems:
        cookie = await work.save()
        return await show_step(work, index, Problems(found=taken.problems), cookie)
    if taken.stay_at:
        here_again = step_address(here, kind, wanted, index)
        return see_other(f"{here_again}#{taken.stay_at}", await work.save())
    work.finish(wanted)
    cookie = await work.save()
    return see_other(await next_address(work, wanted), cookie)


async def take_step(work: Working, step: Step, request: AnyRequest) -> Taken:
    sent = await typed(request)
    match step.kind:
        case "place":
            return await take_place(work, sent)
        case "identity":
            return take_identity(work, sent)
        case _:
            return await take_section(work, step, sent)


async def next_address(work: Working, after: Step) -> str:
    """The page that comes now: the first one not gone through, or the look at everything."""
    here: Visit = work.here
    if after.kind == "place" and work.raw.get("looked") != place_mark(work) and await similar_here(work):
        return here.apply(work.kind, ":similar")
    return furthest_address(work)


def furthest_address(work: Working) -> str:
    furthest = work.open_until()
    return step_address(work.here, work.kind, work.steps[furthest], furthest)


def place_mark(work: Working) -> str:
    place = work.raw.get("place") or {}
    return f"{place.get('lon', '')} {place.get('lat', '')}"


async def show_similar(work: Working) -> Response[Any]:
    """Requests that others made about the same thing: one may follow one of them instead."""
    found = await similar_here(work)
    if not found:
        return await leave_similar(work)
    here: Visit = work.here
    return render(
        here.request,
        "portal/similar.html",
        kind=work.kind,
        found=found,
        follow_of=lambda reference: address(here.language, ":follow", reference),
        go_on=here.apply(work.kind, ":similar"),
        back=here.apply(work.kind),
        alternates={language: apply_address(language, work.kind, ":similar") for language in here.town.languages},
        keep=False,
    )


async def leave_similar(work: Working) -> Response[Any]:
    """None of these: on with the form, and not asked again for this place."""
    work.raw["looked"] = place_mark(work)
    cookie = await work.save()
    return see_other(furthest_address(work), cookie)


async def send(work: Working) -> Response[Any]:
    """The end of the form: the request is taken in once, however often the button was pressed."""
    here: Visit = work.here
    last = len(work.steps) - 1
    once = f"draft:{work.token}"
    receipt = await taken_before(here.heart, here.town, once)  # by a press whose answer never came back
    if receipt is None:
        demand = work.demand()
        if isinstance(demand, Problems):
            return await show_step(work, last, demand)
        if not await take_try(here.heart.engine, key_of("portal", caller(here)), SENDINGS, SENDING_WINDOW):
            raise TooManyRequestsException("Too many requests came from this address within the hour.")
        receipt = await take_in(here.heart, here.town, demand, once=once, holder=work.holder)
    if isinstance(receipt, Problems):
        return await show_step(work, last, receipt)
    await drafts.sent(here.heart, work.token, receipt.reference)
    return see_other(address(here.language, ":track", receipt.reference, ":receipt"), *keys_of(here, receipt))


def keys_of(here: Visit, receipt: Receipt) -> list[Any]:
    return key_cookies(here, receipt.reference, receipt.key)


def caller(here: Visit) -> str:
    client = here.request.client
    return client.host if client else ""


def step_at(work: Working, step_word: str) -> Step | str:
    """The step behind the last word of an address; "" for one that the answers have closed."""
    name = named(step_word, work.here.language, STEP_WORDS)
    if name == "similar":
        return name
    for step in work.steps:
        if (name and step.kind == name) or (step.kind == "section" and str(step.number) == step_word):
            return step
    if name or step_word in {str(number) for number in range(1, len(work.kind.form.sections) + 1)}:
        return ""
    raise NotFoundException("There is no such step.")


def step_address(here: Visit, kind: RequestType, step: Step, index: int) -> str:
    """Where a step is shown: the first one at the address of the service itself."""
    if index == 0:
        return here.apply(kind)
    return here.apply(kind, str(step.number) if step.kind == "section" else f":{step.kind}")
