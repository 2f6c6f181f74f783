"""The way to a service: first page and shelves; the words on privacy; English where it must be declared."""

from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from parvis.i18n import LANGUAGES
from parvis.plugins.trying import Success
from parvis.requests.advice import Notice, informing
from parvis.requests.lists.most_asked import MostAsked
from parvis.requests.offered import type_of
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import language_of, render
from parvis.web.panels import PagePanel, drawn, tried
from parvis.web.portal.drafting import shelf_in
from parvis.web.portal.linked import known_along
from parvis.web.portal.offer import card, levels_of, shelves, way_to
from parvis.web.portal.searching import themes
from parvis.web.portal.starting import begun_with
from parvis.web.portal.visit import ENGLISH_COOKIE, AtPortal, Visit, see_other, service_address, visit
from parvis.web.town import find_town


def notices_here(here: Visit) -> dict[str, Any]:
    """What a town wants everybody to see now; `urgent` stands before everything else."""
    notices = informing(here.host, here.town, None, None)
    urgent = [one for one in notices if one.urgent]
    loud = [one for one in notices if is_loud(one) and not one.urgent]
    lines = [(one.title, href_of(here, one)) for one in notices if not is_loud(one)]
    return {"urgent": urgent, "notices": loud, "notice_lines": [(title, href) for title, href in lines if href]}


def is_loud(notice: Notice) -> bool:
    """Whether it is an emergency, closes a service, or is about none in particular."""
    return notice.urgent or notice.kind != "inform" or not notice.types


def href_of(here: Visit, notice: Notice) -> str:
    """The page of the first service that the notice is about."""
    request_types = (type_of(here.host, here.town, code) for code in notice.types)
    request_type = next(
        (
            request_type
            for request_type in request_types
            if request_type is not None and request_type.opened_by == "anyone"
        ),
        None,
    )
    return service_address(here.language, request_type) if request_type else ""


AnyRequest = Request[Any, Any, Any]
MOST_SHOWN = 6
GROUNDS = ("education", "correspondence", "indigenous", "newcomer", "necessity")


@get("/", name="root")
async def root(request: AnyRequest) -> Redirect:
    """To the language that the browser asks for, as far as the town speaks it."""
    town = find_town(request.app.state.deployment.jurisdictions, request.scope)
    language = language_of(request, town)
    if language == "en" and town.language_regime == "english_on_declaration" and ENGLISH_COOKIE not in request.cookies:
        language = town.languages[0]
    return Redirect(address(language), status_code=302, headers={"vary": "Accept-Language, Cookie"})


@get([f"/{language}" for language in LANGUAGES], name="home", for_everybody=True)
async def home(here: AtPortal, request: AnyRequest) -> Response[str]:
    shelf = shelf_in(here)
    found = await tried(shelf.owner, shelf.name, partial(shelf.held, here)) if shelf else None
    begun = found.value if isinstance(found, Success) else ()
    return render(
        request,
        "portal/home.html",
        drafts=begun,
        shelf=shelf,
        keep=not begun,
        themes=themes(here),
        most_asked=await most_asked(here),
        **notices_here(here),
        begin_photo=begun_with(here),
        begin_place=address(here.language, ":begin", ":place"),
        search=address(here.language, ":search"),
        track=address(here.language, ":track"),
        boxes=await drawn(here.nouns(PagePanel, "portal.home"), here, None, lambda right: False),
    )


async def most_asked(here: Visit) -> list[dict[str, Any]]:
    """The services that are asked for most at this time of the year; in a town without requests yet, none."""
    counts = await here.host.of(MostAsked).of(here.host.engine, here.town.code)
    asked = sorted((each for each in here.types if each.code in counts), key=lambda each: -counts[each.code])
    others = [each for each in here.types if each.code not in counts] if asked else []
    return [
        {
            "title": each.title,
            "icon": each.icon or each.theme.icon,
            "href": way_to(here.language, each),
        }
        for each in (*asked, *others)[:MOST_SHOWN]
    ]


@get(patterns(":services"), name="services", for_everybody=True)
async def services(here: AtPortal, request: AnyRequest) -> Response[str]:
    """Everything that one may ask for, on one page."""
    levels, along = await levels_of(here), known_along(here)
    found = [
        (shelf.theme, [card(here, each, levels, **along) for each in shelf.request_types])
        for shelf in shelves(here.types)
    ]
    return render(request, "portal/services.html", shelves=found, alternates=in_each(here.town.languages, ":services"))


@get(patterns(":services", "{theme:str}"), name="theme", for_everybody=True)
async def theme(here: AtPortal, request: AnyRequest, theme: FromPath[str]) -> Response[str]:
    there = [one for one in shelves(here.types) if one.is_at(theme, here.language)]
    there.sort(key=lambda one: (one.theme.slug.to(here.language) != theme, -len(one.request_types)))
    if not there:
        raise NotFoundException("There is no such theme.")
    shelf, request_types = there[0], [request_type for one in there for request_type in one.request_types]
    others = [one.theme for one in shelves(here.types) if one not in there]
    levels, along = await levels_of(here), known_along(here)
    return render(
        request,
        "portal/theme.html",
        theme=shelf.theme,
        cards=[card(here, request_type, levels, **along) for request_type in request_types],
        others=[
            (one.title, address(here.language, ":services", one.slug.to(here.language), **along)) for one in others
        ],
        alternates={
            language: address(language, ":services", shelf.theme.slug.to(language)) for language in here.town.languages
        },
    )


@get(patterns(":privacy"), name="privacy")
async def privacy(here: AtPortal, request: AnyRequest) -> Response[str]:
    alternates = in_each(here.town.languages, ":privacy")
    return render(request, "portal/privacy.html", space=here.space_address(), alternates=alternates)


@get(patterns(":declaration"), name="declaration")
async def declaration(request: AnyRequest) -> Response[str]:
    """Where the law wants it, English is read by those who declare that they may be written to in English."""
    return show_declaration(request, missing=False)


@post(patterns(":declaration"), name="declare", status_code=200)
async def declare(here: AtPortal, request: AnyRequest) -> Response[Any]:
    form = await request.form()
    ground = form.get("ground")
    if ground not in GROUNDS:
        return show_declaration(request, missing=True)
    return see_other(inner_path(form.get("next")), here.kept(ENGLISH_COOKIE, str(ground), days=180))


def show_declaration(request: AnyRequest, *, missing: bool) -> Response[str]:
    here = visit(request)
    if here.town.language_regime != "english_on_declaration":
        raise NotFoundException("English is not declared here.")
    return render(
        request,
        "portal/declaration.html",
        status=422 if missing else 200,
        missing=missing,
        next=inner_path(request.query_params.get("next")),
        french=address("fr"),
        alternates={"fr": address("fr")},
        keep=False,
    )


def inner_path(given: Any) -> str:
    """The English page somebody wanted, if it is one of ours: never an address elsewhere."""
    wanted = given if isinstance(given, str) else ""
    return wanted if wanted.startswith("/en/") and "\\" not in wanted and wanted.isprintable() else address("en")
