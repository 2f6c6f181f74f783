"""A new request in the place of one that is over for too long: everything filled in, and tied to it once it is sent."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from parvis.requests import drafting
from parvis.requests.contacts import contact_of
from parvis.requests.visibility import PUBLIC, Viewer, answers_for, place_for, sees
from parvis.web.addresses import patterns
from parvis.web.portal.apply import count_new
from parvis.web.portal.device import held_tokens
from parvis.web.portal.drafting import COMES_AFTER, anew, mark_of
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.track.keys import TrackedRequest, own_address
from parvis_closing_question.others import question_now
from parvis_closing_question.resident.question import held_to_answer
from parvis_sdk.fields import File, Photo
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Requester

OF_PERSON = ("mode", "name", "email", "phone", "preferred_channel")


@post(patterns(":track", "{reference:str}", ":again"), name="track-again", status_code=200)
async def begin_again(here: AtPortal, reference: FromPath[str]) -> Response[Any]:
    """Opens the form with what was answered before; nothing is sent yet."""
    found = await held_to_answer(here, reference)
    closing = await question_now(here.host, found.record)
    request_type = next((each for each in here.types if each.code == found.record.type), None)
    if closing is None or not closing.is_past or request_type is None:
        return see_other(own_address(here, found, ":settled"))
    held = held_tokens(here, request_type.code)
    for token, draft in (await drafting.load_all(here.host, held)).items():
        if draft.raw.get(COMES_AFTER) == found.record.reference and draft.jurisdiction == here.town.code:
            return see_other(here.apply(request_type, **mark_of(token, held)))  # pressed before
    work = anew(here, request_type, held, drafting.form_token(here.host.secret))
    await count_new(work)
    work.raw = await _said_before(here, found, request_type)
    for step in work.steps[:-1]:
        work.finish(step)
    cookies = await work.save()
    return see_other(work.at(), *cookies)


async def _said_before(here: Visit, found: TrackedRequest, request_type: RequestType) -> dict[str, Any]:
    """The answers, the place and the person, as far as the person who begins may see them."""
    record, viewer, towns = found.record, PUBLIC if found.answers_only else found.viewer, here.host.jurisdictions
    raw: dict[str, Any] = {COMES_AFTER: record.reference}
    if sees(viewer, record, towns):
        known = answers_for(viewer, record, request_type, towns)
        sent = {each.code for each in request_type.form.fields() if not isinstance(each, File | Photo)}
        raw["answers"] = {code: value for code, value in known.items() if code in sent}
        raw["place"] = _place(found, viewer, request_type)
    contact = None if found.answers_only else await contact_of(record)
    if contact is not None:
        raw["requester"] = _person(contact)
    return {name: value for name, value in raw.items() if value}


def _place(found: TrackedRequest, viewer: Viewer, request_type: RequestType) -> dict[str, Any]:
    """The place, unless it would be rounded: a team sent to the middle of a square finds nothing there."""
    if not viewer.is_requester and request_type.place.precision:
        return {}
    place = place_for(viewer, found.record, request_type)
    return place.as_answer() if place else {}


def _person(contact: Requester) -> dict[str, str]:
    return {name: value for name in OF_PERSON if (value := getattr(contact, name))}
