"""The page of a service: what it is, for whom, how long it really takes, what to prepare, answers, and its form."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from parvis import clock
from parvis.i18n import format_date, gettext, say
from parvis.jurisdictions.services import SERVICES, in_the_words_of
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests import advice
from parvis.requests.advice import informing, notices_known
from parvis.requests.lists.usual_delays import Delay, Delays
from parvis.web.addresses import patterns
from parvis.web.formats import day_of_year
from parvis.web.pages import render
from parvis.web.panels import PagePanel, drawn
from parvis.web.places import SlotItem
from parvis.web.portal.linked import known_along
from parvis.web.portal.offer import levels_of, promises
from parvis.web.portal.steps import MODES
from parvis.web.portal.visit import AtPortal, Visit, apply_address, see_other, service_address
from parvis.web.typed import typed
from parvis_sdk.about import About
from parvis_sdk.fields import AnyField, File, Group, Photo
from parvis_sdk.problems import Problem
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
PRESSES, WINDOW = 60, timedelta(hours=1)
NEXT = (
    Text(
        fr="Vous recevez un numéro de référence et un lien privé pour tout suivre, sans compte.",
        en="You get a reference number and a private link to follow everything, without an account.",
    ),
    Text(
        fr="L’équipe concernée reçoit votre requête, et vous voyez la date promise.",
        en="The team responsible receives your request, and you see the promised date.",
    ),
    Text(
        fr="Nous vous écrivons à chaque étape, et vous pouvez répondre ou ajouter une photo.",
        en="We write to you at each step, and you can answer or add a photo.",
    ),
)


class ServicePage(SlotItem, frozen=True, kw_only=True):
    """A page beside that of a service: `name` stands in its address, `title` on its button; None where it has none."""

    IF_BROKEN = {"title": None}
    title: Callable[[RequestType], Text | None]


class EligibilityAnswers(Struct, frozen=True, kw_only=True):
    """What a person has told so far, read: the place, the answers, and what is wrong with them."""

    typed: dict[str, Any]
    place: dict[str, str]
    answers: dict[str, Any]
    problems: tuple[Problem, ...]
    fields: tuple[AnyField, ...]


class ServiceVerdict(Struct, frozen=True, kw_only=True):
    """A service of which a verdict was given, and what it was given by: what the boxes beside it are about."""

    request_type: RequestType
    said: EligibilityAnswers


@get(patterns(":services", "{theme:str}", "{slug:str}"), name="service")
async def show_service(
    here: AtPortal, request: AnyRequest, theme: FromPath[str], slug: FromPath[str], repondu: FromQuery[str] = ""
) -> Response[Any]:
    request_type = here.request_type_at(theme, slug)
    notices, along = informing(here.host, here.town, request_type, None), known_along(here)
    return render(
        request,
        "portal/service.html",
        request_type=request_type,
        about=about_of(here, request_type),
        next=NEXT,
        prepare=words_on_preparing(here, request_type),
        needed=list(needed(request_type)),
        promises=promises(request_type, here.town, await levels_of(here)),
        delay=await delay_of(here, request_type),
        modes=[MODES[mode] for mode in request_type.identity.modes],
        notices=notices,
        closed=any(notice.kind != "inform" and not notice.zones for notice in notices),
        seasons=seasons(here, request_type),
        panels=await drawn(here.nouns(PagePanel, "portal.service"), here, request_type, lambda right: False),
        costs=await drawn(here.nouns(PagePanel, "portal.service.cost"), here, request_type, lambda right: False),
        answered=repondu,
        start=apply_address(here.language, request_type, **along),
        action=service_address(here.language, request_type),
        beside=[
            (service_address(here.language, request_type, each.name, **along), title)
            for each in here.nouns(ServicePage, "portal.service")
            if (title := each.title(request_type))
        ],
        alternates={language: service_address(language, request_type) for language in here.town.languages},
    )


@post(patterns(":services", "{theme:str}", "{slug:str}"), name="service-answered", status_code=200)
async def take_answered(
    here: AtPortal, request: AnyRequest, theme: FromPath[str], slug: FromPath[str]
) -> Response[Any]:
    """An answer was enough: counted by its code and the day, nothing about who pressed."""
    request_type = here.request_type_at(theme, slug)
    code = (await typed(request)).text("answer")
    if code not in {answer.code for answer in about_of(here, request_type).answers}:
        raise NotFoundException("There is no such answer.")
    if await take_try(here.host.engine, key_of("answered", caller_of(request)), PRESSES, WINDOW):
        await advice.count(here.host, here.town, request_type.code, [f"answer:{code}"], "settled")
    return see_other(f"{service_address(here.language, request_type, repondu=code)}#answer-{code}")


def about_of(here: Visit, request_type: RequestType) -> About:
    """What is said of a service in this town."""
    return in_the_words_of(
        SERVICES.of(here.town).get(request_type.code), request_type.about, request_type.theme.answers
    )


def words_on_preparing(here: Visit, request_type: RequestType) -> Text | None:
    words = SERVICES.of(here.town).get(request_type.code)
    return words.prepare if words and words.prepare.fr else request_type.prepare


async def delay_of(here: Visit, request_type: RequestType) -> Delay | None:
    """How long this service took lately, known for ten minutes at a time."""
    state = here.request.app.state
    if not hasattr(state, "delays"):
        state.delays = Delays()
    delays: Delays = state.delays
    return await delays.of(here.town.code, request_type.code)


def needed(request_type: RequestType) -> Iterator[tuple[str, str]]:
    """The place, photos and documents that the form asks for, each with its mark; the place where no words name it."""
    if request_type.place.need != "none" and not request_type.prepare:
        place = gettext("The place: an address, or a point on the map")
        yield place, "" if request_type.place.need == "required" else gettext("optional")
    for field in files_asked(request_type.form.fields()):
        depends = field.required_when is not None or (field.required and field.show_when is not None)
        mark = gettext("depending on your answers") if depends else "" if field.required else gettext("optional")
        yield say(field.label), mark


def files_asked(fields: Iterable[AnyField]) -> Iterator[Photo | File]:
    """The questions for photos and documents, those asked again for each thing too."""
    for field in fields:
        if isinstance(field, Photo | File):
            yield field
        elif isinstance(field, Group):
            yield from files_asked(field.fields)


def seasons(here: Visit, request_type: RequestType) -> list[dict[str, str]]:
    """The parts of every year in which the service is closed, and when it next opens or closes, as days in words."""
    now, said = clock.now(), []
    for one in notices_known(here.host, here.town):
        if one.kind != "stop" or not one.is_about(request_type.code) or one.zones or not one.every_year:
            continue
        first, last = (day_of_year(day) for day in one.every_year)
        begins, ends = one.occurrence(now) or (None, None)
        if begins is None or ends is None:
            continue
        closed = one.is_in_force(now)
        opens, closes = (format_date(ends + timedelta(days=1)), "") if closed else ("", format_date(begins))
        said.append({"first": first, "last": last, "opens": opens, "closes": closes})
    return said
