"""Without network: the page that says so, whole forms that a telephone keeps, and the one press that sends them."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from parvis.i18n import format_phone
from parvis.jurisdictions import Jurisdiction
from parvis.requests.declarations import pinned_as
from parvis.requests.host import Host
from parvis.requests.offered import types_for_anyone
from parvis.web.addresses import in_each, patterns
from parvis.web.colours import sheet_name
from parvis.web.installable import worker_of
from parvis.web.pages import render
from parvis.web.portal.answering import tell
from parvis.web.portal.apply import count_new, next_address, take_step
from parvis.web.portal.device import ANOTHER
from parvis.web.portal.drafting import FormDraft, working
from parvis.web.portal.keeping import note_wrong
from parvis.web.portal.sending import send, to_receipt
from parvis.web.portal.showing import address_of
from parvis.web.portal.steps import asked_in, identity_fields
from parvis.web.portal.taking import IDENTITY
from parvis.web.portal.visit import AT_THE_PORTAL, AtPortal, apply_address, see_other
from parvis.web.typed import FormInput, typed
from parvis_sdk.fields import File, Group, Photo, PlaceField
from parvis_sdk.request_types import RequestType

AnyRequest = Request[Any, Any, Any]
MOST_TYPES = 8
MOST_QUESTIONS = 14


def kept_types(host: Host, town: Jurisdiction) -> tuple[RequestType, ...]:
    """The services that can be asked for without network: about a place, with a photo, with few questions."""
    return tuple(request_type for request_type in types_for_anyone(host, town) if is_kept(request_type))[:MOST_TYPES]


def is_kept(request_type: RequestType) -> bool:
    fields = request_type.form.fields()
    plain = not any(isinstance(field, File | Group | PlaceField) for field in fields)
    apart = not {field.code for field in fields}.intersection((*IDENTITY, "place"))
    has_photo = any(isinstance(field, Photo) for field in fields)
    return plain and apart and has_photo and len(fields) <= MOST_QUESTIONS and request_type.place.need != "none"


def pages_without_network(host: Host, town: Jurisdiction, language: str) -> tuple[str, ...]:
    """What a service worker keeps: addresses, each with a mark that changes when its page does."""
    alone = in_each(town.languages, ":offline")
    about = f"{town.name.to(language)} {town.phone}"
    forms = (
        f"{apply_address(language, request_type, ':offline')}#{pinned_as(host, request_type).digest[:12]}"
        for request_type in kept_types(host, town)
    )
    return (*(f"{page}#{about}" for page in alone.values()), *forms)


@get("/sw.js", dependencies=AT_THE_PORTAL, include_in_schema=False)
async def worker(here: AtPortal, langue: FromQuery[str] = "") -> Response[str]:
    """The service worker with what it keeps; at the root, as it may only watch over what lies beside it."""
    language = langue if langue in here.town.languages else here.town.languages[0]
    pages = pages_without_network(here.host, here.town, language)
    script = worker_of(sheet_name(here.town.brand), here.town.languages, pages)
    headers = {"cache-control": "no-cache", "service-worker-allowed": "/"}
    return Response(script, media_type="text/javascript", headers=headers)


@get(patterns(":offline"), name="offline")
async def alone(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """What is shown in place of any page that cannot be reached; the same for everybody."""
    kinds = [
        (request_type.title, here.apply(request_type, ":offline")) for request_type in kept_types(here.host, here.town)
    ]
    return render(request, "portal/offline.html", kinds=kinds, alternates=in_each(here.town.languages, ":offline"))


@get(patterns(":apply", "{theme:str}", "{slug:str}", ":offline"), name="offline-form")
async def whole_form(here: AtPortal, request: AnyRequest, theme: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """A whole form on one page, with nothing of anybody in it, for a telephone to keep."""
    request_type = here.request_type_at(theme, slug)
    if not is_kept(request_type):
        return see_other(here.apply(request_type))
    return render(
        request,
        "portal/offline_form.html",
        request_type=request_type,
        sections=[(section.title, section.help, asked_in(section)) for section in request_type.form.sections],
        identity=identity_fields(request_type, here.contact_methods),
        action=here.apply(request_type, ":offline"),
        door=here.apply(request_type, **{ANOTHER: "1"}),
        alternates={language: apply_address(language, request_type, ":offline") for language in here.town.languages},
        phone=format_phone(here.town.phone) if here.town.phone else "",
    )


@post(patterns(":apply", "{theme:str}", "{slug:str}", ":offline"), name="take-whole", status_code=200)
async def take_whole(here: AtPortal, request: AnyRequest, theme: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """A whole form at once, taken page by page as any other; sent where nothing is missing."""
    work = await working(here, here.request_type_at(theme, slug))
    if work.sent_as:
        return await to_receipt(work)
    await count_new(work)
    wrong = await take_all(work, await typed(request))
    answered = await tell(work) if not wrong else False
    cookies = await work.save()
    if wrong:
        index = next((index for index, step in enumerate(work.steps) if step.code == wrong), 0)
        return see_other(address_of(work, work.steps[index], index), *cookies)
    if answered:
        return see_other(work.at(":answer"), *cookies)
    onward = await next_address(work, work.steps[0])
    if onward != address_of(work, work.steps[-1], len(work.steps) - 1):
        return see_other(onward, *cookies)
    answer = await send(work)
    return answer if answer.status_code == 303 else see_other(onward, *cookies)


async def take_all(work: FormDraft, sent: FormInput) -> str:
    """Each page of the form in turn, as answers open and close them; the code of the first that is not in order.

    What is wrong with each is told when the person comes to it: files that could not be kept, by their names.
    """
    seen: set[str] = set()
    wrong = ""
    while step := next((one for one in work.steps if one.code not in seen and one.kind != "review"), None):
        seen.add(step.code)
        taken = await take_step(work, step, sent)
        note_wrong(work, step, taken.problems)
        if taken.problems or taken.stay_at:
            wrong = wrong or step.code
        else:
            work.finish(step)
    return wrong
