"""The receipt: the reference, the promise and why that day, what happens next, the private link to take along."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import ClientException, TooManyRequestsException
from litestar.params import FromPath
from markupsafe import Markup

from parvis.i18n import format_phone, gettext, say
from parvis.people.throttle import key_of, take_try
from parvis.requests.clocks.clocks import clocks_of, shown_of
from parvis.requests.closing import REOPEN, closing_questions
from parvis.requests.contacts import channels_of, contact_of, way_promised, way_to
from parvis.requests.links import short_url, tracking_url
from parvis.requests.promises.promising import send_receipt
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.portal.offer import promised_words
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.promise import why_this_day
from parvis.web.track.keys import held_or_redirect, private
from parvis.web.typed import typed
from parvis_sdk.contact_methods import ContactMethod
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase, Requester

AnyRequest = Request[Any, Any, Any]
SENT_AN_HOUR = 3


@get(patterns(":track", "{reference:str}", ":receipt"), name="receipt")
async def receipt(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """What a person takes home."""
    found = await held_or_redirect(here, reference)
    record, request_type = found.record, found.request_type
    contact = await contact_of(record)
    shown = shown_of(await clocks_of(record.id))
    return render(
        request,
        "track/receipt.html",
        record=record,
        request_type=request_type,
        contact=contact,
        spelled=spelled(record.reference),
        promised=promised_words(request_type, record.answers, record.promised_at),
        why=why_this_day(shown),
        steps=what_happens_next(
            request_type,
            contact,
            here.contact_methods,
            is_asked=closing_questions(here.host, here.town) is not None,
        ),
        ways=ways_to_send(here, contact),
        sent=request.query_params.get("envoi", ""),
        link=tracking_url(here.host, here.town, record),
        code=square_code(short_url(here.host, here.town, record)),
        track=address(here.language, ":track", record.reference),
        own=lambda *more: address(here.language, ":track", record.reference, *more),
        again=address(here.language),
        alternates=in_each(here.town.languages, ":track", record.reference, ":receipt"),
        **private(),
    )


@post(patterns(":track", "{reference:str}", ":receipt"), name="receipt-send", status_code=200)
async def send(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Has the receipt sent to the address or the number that the person left, and to no other."""
    found = await held_or_redirect(here, reference)
    channel = (await typed(request)).text("by")
    if channel not in {each.name for each, _ in ways_to_send(here, await contact_of(found.record))}:
        raise ClientException("The receipt cannot be sent in that way.")
    key = key_of("receipt", found.record.reference)
    if not await take_try(here.host.engine, key, SENT_AN_HOUR, timedelta(hours=1)):
        raise TooManyRequestsException("The receipt was sent several times within the hour.")
    await send_receipt(here.host, found.record, channel)
    path = address(here.language, ":track", found.record.reference, ":receipt", envoi=channel)
    return see_other(f"{path}#envoi")


def spelled(reference: str) -> str:
    """The reference as it is said to somebody on the telephone: sign by sign, group by group."""
    return " – ".join(" ".join(group) for group in reference.split("-"))


def ways_to_send(here: Visit, contact: Requester | None) -> list[tuple[ContactMethod, str]]:
    """The contact methods by which the receipt can be sent, each with where it goes."""
    carried = channels_of(here.host, here.town)
    able = [each for each in here.contact_methods if contact and each.links and each.name in carried]
    return [(each, address_shown(each, contact)) for each in able if contact and each.reaches(contact)]


def address_shown(method: ContactMethod, contact: Requester) -> str:
    """The address of the person that a contact method uses, as it is written on a page."""
    address = method.address_in(contact)
    return format_phone(address) if method.needs == "phone" else address


def what_happens_next(
    request_type: RequestType, contact: Requester | None, methods: Collection[ContactMethod], *, is_asked: bool
) -> tuple[str, ...]:
    """Three lines out of the workflow: how it begins, how we keep in touch, how it ends, in a town that asks or not."""
    workflow = request_type.workflow
    begins = say(workflow.initial.story) or gettext("The right team receives your request now and looks at it.")
    return (begins, in_touch(request_type, contact, methods), how_it_ends(request_type, is_asked=is_asked))


def in_touch(request_type: RequestType, contact: Requester | None, methods: Collection[ContactMethod]) -> str:
    method = way_promised(contact, methods)
    if method is None or contact is None:
        told = gettext("You left no way to be reached: keep the link below to see the answer.")
        if contact is not None and way_to(contact, methods) is not None:
            told = gettext("No message can be sent to you: keep the link below to see the answer.")
    else:
        first = method.at_first.format(to=address_shown(method, contact))
        told = say(first if method.at_first.fr and method.reaches(contact) else method.each_step)
    asks = any(state.phase is Phase.WAITING_FOR_YOU for state in request_type.workflow.states)
    stops = gettext("If a detail is missing, we ask you for it, and the response time stops until you answer.")
    return f"{told} {stops}" if asks else told


def how_it_ends(request_type: RequestType, *, is_asked: bool) -> str:
    workflow = request_type.workflow
    is_done = any(each.code == REOPEN for each in workflow.transitions)
    if is_done and is_asked:
        return gettext("At the end, we tell you what was done and ask you whether it is resolved.")
    if not is_done and any(state.phase is Phase.DECIDED for state in workflow.states):
        return gettext("At the end, you receive our decision and its reasons.")
    return gettext("At the end, we tell you what was done.")


def square_code(link: str) -> Markup:
    """The link as a picture that a telephone reads: black on white in every colour scheme."""
    import segno

    code = segno.make(link, error="m", micro=False)
    drawn = code.svg_inline(omitsize=True, dark="#000", light="#fff", border=3, svgclass="code", lineclass="")
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704
