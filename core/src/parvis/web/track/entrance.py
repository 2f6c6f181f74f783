"""How a person comes to their request without its link: by its reference and what they left to be reached by."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import FromQuery

from parvis.people.throttle import key_of, take_try
from parvis.requests.persons.contacts import is_theirs
from parvis.requests.records import Record, find
from parvis.requests.references import key_for, normalise
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.portal.visit import Visit, see_other, visit
from parvis.web.track.keys import key_cookies, private
from parvis.web.typed import typed
from parvis_sdk.fields import ShortText
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
TRIES_OF_CALLER = 15
TRIES_OF_REFERENCE = 8
WINDOW = timedelta(minutes=15)
NOBODY = UUID(int=0)
REFERENCE = ShortText(
    code="reference",
    label=Text(fr="Numéro de référence", en="Reference number"),
    help=Text(fr="Il est sur votre accusé de réception.", en="It is on your acknowledgement."),
    example=Text(fr="7K3M-9QXT-4", en="7K3M-9QXT-4"),
    autocomplete="off",
)
CONTACT = ShortText(
    code="contact",
    label=Text(fr="Votre courriel ou votre téléphone", en="Your email or your phone number"),
    help=Text(fr="Celui que vous avez donné avec la requête.", en="The one you gave with the request."),
    autocomplete="email",
)
MISREAD = Text(
    fr="Ce numéro de référence contient une erreur. Vérifiez chaque caractère.",
    en="This reference number has a mistake in it. Check each character.",
)
NOTHING_FOUND = Text(
    fr="Aucune requête ne correspond à ce numéro et à ces coordonnées. Vérifiez les deux.",
    en="No request matches this number and these contact details. Check both.",
)


@get(patterns(":track"), name="track")
async def entrance(request: AnyRequest, reference: FromQuery[str] = "") -> Response[Any]:
    here = visit(request)
    return show(here, {"reference": reference[:40]})


@post(patterns(":track"), name="track-open", status_code=200)
async def open_by_contact(request: AnyRequest) -> Response[Any]:
    """The same answer whether the reference, the contact or both are wrong; tries are counted either way."""
    here = visit(request)
    sent = await typed(request)
    values = {"reference": sent.text("reference")[:60], "contact": sent.text("contact")[:254]}
    problems = missing(values)
    if problems:
        return show(here, values, problems)
    await count_try(here, normalise(values["reference"]) or "")
    record = await theirs(here, values)
    if record is None:
        return show(here, values, (Problem(path="", code="not_found", message=NOTHING_FOUND),))
    key = key_for(here.heart.secret, record.id, record.holders)
    return see_other(address(here.language, ":track", record.reference), *key_cookies(here, record.reference, key))


def missing(values: dict[str, str]) -> tuple[Problem, ...]:
    from parvis_sdk.problems import problem

    found = [
        problem("required", field.code, label=field.label)
        for field in (REFERENCE, CONTACT)
        if not values[field.code].strip()
    ]
    if values["reference"].strip() and normalise(values["reference"]) is None:
        found.insert(0, Problem(path="reference", code="reference", message=MISREAD))
    return tuple(found)


async def count_try(here: Visit, reference: str) -> None:
    client = here.request.client
    keys = (
        (key_of("track-caller", client.host if client else ""), TRIES_OF_CALLER),
        (key_of("track", reference), TRIES_OF_REFERENCE),
    )
    allowed = [await take_try(here.heart.engine, key, limit, WINDOW) for key, limit in keys]
    if not all(allowed):
        raise TooManyRequestsException("Too many tries; wait a quarter of an hour.")


async def theirs(here: Visit, values: dict[str, str]) -> Record | None:
    record = await find(here.heart, values["reference"])
    # Asked in every case, so that the time of an answer does not tell whether there is such a request.
    right = await is_theirs(record.id if record else NOBODY, values["contact"])
    return record if right and record is not None and record.jurisdiction == here.town.code else None


def show(here: Visit, values: dict[str, str], problems: tuple[Problem, ...] = ()) -> Response[Any]:
    return render(
        here.request,
        "track/entrance.html",
        status=422 if problems else 200,
        fields=(REFERENCE, CONTACT),
        values=values,
        problems=Problems(found=problems) if problems else None,
        alternates=in_each(here.town.languages, ":track"),
        **private(),
    )


def not_here() -> NotFoundException:
    return NotFoundException("There is no such request, or its link is not whole.")
