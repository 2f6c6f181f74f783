"""Before the form: what may be done at a place, whether a request is needed, how long it takes, what it costs."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.i18n import say
from parvis.jurisdictions.layers import known_of
from parvis.web.addresses import patterns
from parvis.web.answers import answer_rows
from parvis.web.pages import render
from parvis.web.panels import PagePanel, drawn
from parvis.web.portal.apply import count_new
from parvis.web.portal.drafting import working
from parvis.web.portal.linked import known_along, place_named
from parvis.web.portal.offer import levels_of, promises
from parvis.web.portal.service import (
    EligibilityAnswers,
    ServicePage,
    ServiceVerdict,
    delay_of,
    words_on_preparing,
)
from parvis.web.portal.steps import to_show
from parvis.web.portal.visit import AtPortal, Visit, apply_address, see_other, service_address
from parvis.web.typed import typed
from parvis_sdk.conditions import holds
from parvis_sdk.eligibility import Eligibility
from parvis_sdk.fields import Address, File, Photo, PlaceFact
from parvis_sdk.forms import Section
from parvis_sdk.nothing import NOTHING
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
ASKED = "voir"
WHERE = Address(
    code="adresse",
    label=Text(fr="Adresse du terrain", en="Address of the land"),
    help=Text(fr="Pour connaître les règles qui s’y appliquent.", en="To find the rules that apply to it."),
    required=False,
)
MOST_TYPED = 400
NOT_FOUND = Text(
    fr="Nous ne trouvons pas cette adresse. Corrigez-la, ou continuez sans elle.",
    en="We cannot find this address. Correct it, or go on without it.",
)


@get(patterns(":services", "{theme:str}", "{slug:str}", ":eligibility"), name="eligibility")
async def show_eligibility(
    here: AtPortal, request: AnyRequest, theme: FromPath[str], slug: FromPath[str]
) -> Response[Any]:
    """The questions, and once they are answered the verdict; everything is in the address, nothing is kept."""
    request_type, rule = _request_type_at(here, theme, slug)
    is_asked = ASKED in request.query_params
    said = await _considered(here, request_type, rule, request.query_params)
    judged = is_asked and not said.problems
    verdict = rule.verdict(said.answers) if judged else None
    facts = [field for field in request_type.form.fields() if isinstance(field, PlaceFact)]
    panels = here.nouns(PagePanel, "portal.eligibility")
    return render(
        request,
        "eligibility/eligibility.html",
        status=422 if is_asked and said.problems else 200,
        request_type=request_type,
        rule=rule,
        has_ground=bool(facts) and request_type.place.need != "none",
        said=said,
        where=WHERE,
        at={WHERE.code: said.place.get("address", "")},
        problems=Problems(found=said.problems) if is_asked and said.problems else None,
        ground=answer_rows(facts, said.answers, {}),
        verdict=verdict,
        needed=_needed(request_type, said) if verdict else [],
        prepare=words_on_preparing(here, request_type),
        promises=promises(request_type, here.town, await levels_of(here)),
        delay=await delay_of(here, request_type),
        panels=await drawn(panels, here, ServiceVerdict(request_type=request_type, said=said), lambda right: False)
        if verdict
        else (),
        words=known_along(here),
        action=service_address(here.language, request_type, ":eligibility", **known_along(here)),
        service=service_address(here.language, request_type),
        alternates={
            language: service_address(language, request_type, ":eligibility") for language in here.town.languages
        },
    )


@post(patterns(":services", "{theme:str}", "{slug:str}", ":eligibility"), name="eligibility-on", status_code=200)
async def go_on(here: AtPortal, request: AnyRequest, theme: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """On to the form, with what was told already in it."""
    request_type, rule = _request_type_at(here, theme, slug)
    sent = await typed(request)
    values = {name: sent.text(name) for name in (WHERE.code, *rule.asks)}
    said = await _considered(here, request_type, rule, values)
    work = await working(here, request_type, unsent=True)
    await count_new(work)
    work.raw["answers"] = work.answers | {code: value for code, value in said.typed.items() if value}
    if said.place.get("lon"):
        work.raw["place"] = said.place
    cookies = await work.save()
    return see_other(apply_address(here.language, request_type, **work.mark), *cookies)


def _request_type_at(here: Visit, theme: str, slug: str) -> tuple[RequestType, Eligibility]:
    request_type = here.request_type_at(theme, slug)
    if request_type.eligibility is None:
        raise NotFoundException("There is no such page.")
    return request_type, request_type.eligibility


async def _considered(
    here: Visit, request_type: RequestType, rule: Eligibility, given: Mapping[str, str]
) -> EligibilityAnswers:
    where = " ".join(str(given.get(WHERE.code, ""))[:MOST_TYPED].split())
    place = await place_named(here, where) if where else {}
    at = Place(lon=float(place["lon"]), lat=float(place["lat"])) if place.get("lon") else None
    reading = Reading(today=here.today, here=known_of(here.town, at))
    answers: dict[str, Any] = {}
    found: list[Problem] = []
    if where and at is None:
        found.append(Problem(path=WHERE.code, code="not_found", message=NOT_FOUND))
    asked = []
    kept = {code: str(given.get(code, ""))[:MOST_TYPED] for code in rule.asks}
    for field in request_type.form.fields():
        if field.code not in rule.asks and not isinstance(field, PlaceFact):
            continue
        value = read_value(field, kept.get(field.code), field.code, reading, answers)
        if isinstance(value, Problems):
            found += value.found
        elif value is not NOTHING:
            answers[field.code] = value
        if not isinstance(field, PlaceFact):
            asked.append(field)
    section = Section(code="asked", title=rule.title, fields=tuple(asked))
    facts = {code: value for code, value in answers.items() if code not in rule.asks}
    return EligibilityAnswers(
        typed=kept, place=place, answers=answers, problems=tuple(found), fields=to_show(section, facts)
    )


def _needed(request_type: RequestType, said: EligibilityAnswers) -> list[tuple[str, bool]]:
    """The files that the form will ask for these answers, and whether it insists."""
    return [
        (
            say(field.label),
            field.required or (field.required_when is not None and holds(field.required_when, said.answers)),
        )
        for field in request_type.form.visible(said.answers)
        if isinstance(field, File | Photo)
    ]


CHECK = ServicePage(
    slot="portal.service",
    name=":eligibility",
    title=lambda request_type: request_type.eligibility.title if request_type.eligibility else None,
)
