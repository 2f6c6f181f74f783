"""The way to a service: first page and shelves; the words on privacy; English where it must be declared."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from parvis.i18n import LANGUAGES
from parvis.requests.advice import Notice, informing
from parvis.requests.offered import type_of
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import language_of, render
from parvis.web.panels import PagePanel, drawn
from parvis.web.portal.offer import card, levels_of, shelves
from parvis.web.portal.resuming import resumable
from parvis.web.portal.searching import themes
from parvis.web.portal.visit import ENGLISH_COOKIE, AtPortal, Visit, see_other, service_address, visit
from parvis.web.town import find_town


def notices_here(here: Visit) -> dict[str, Any]:
    """What a town wants everybody to see now."""
    notices = informing(here.host, here.town, None, None)
    loud = [one for one in notices if is_loud(one)]
    lines = [(one.title, href_of(here, one)) for one in notices if not is_loud(one)]
    return {"notices": loud, "notice_lines": [(title, href) for title, href in lines if href]}


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
GROUNDS = ("education", "correspondence", "indigenous", "newcomer", "necessity")


@get("/", name="root")
async def root(request: AnyRequest) -> Redirect:
    """To the language that the browser asks for, as far as the town speaks it."""
    town = find_town(request.app.state.deployment.jurisdictions, request.scope)
    language = language_of(request, town)
    if language == "en" and town.language_regime == "english_on_declaration" and ENGLISH_COOKIE not in request.cookies:
        language = town.languages[0]
    return Redirect(address(language), status_code=302, headers={"vary": "Accept-Language, Cookie"})


@get([f"/{language}" for language in LANGUAGES], name="home")
async def home(here: AtPortal, request: AnyRequest) -> Response[str]:
    begun = await resumable(here)
    return render(
        request,
        "portal/home.html",
        drafts=begun,
        keep=not begun,
        themes=themes(here),
        **notices_here(here),
        begin_photo=address(here.language, ":begin", ":photo"),
        begin_place=address(here.language, ":begin", ":place"),
        search=address(here.language, ":search"),
        track=address(here.language, ":track"),
        boxes=await drawn(here.nouns(PagePanel, "portal.home"), here, None, lambda right: False),
    )


@get(patterns(":services"), name="services")
async def services(here: AtPortal, request: AnyRequest) -> Response[str]:
    """Everything that one may ask for, on one page."""
    levels = await levels_of(here)
    found = [
        (shelf.theme, [card(request_type, here.town, levels, here.language) for request_type in shelf.request_types])
        for shelf in shelves(here.types)
    ]
    return render(request, "portal/services.html", shelves=found, alternates=in_each(here.town.languages, ":services"))


@get(patterns(":services", "{theme:str}"), name="theme")
async def theme(here: AtPortal, request: AnyRequest, theme: FromPath[str]) -> Response[str]:
    there = [one for one in shelves(here.types) if one.is_at(theme, here.language)]
    there.sort(key=lambda one: (one.theme.slug.to(here.language) != theme, -len(one.request_types)))
    if not there:
        raise NotFoundException("There is no such theme.")
    shelf, request_types = there[0], [request_type for one in there for request_type in one.request_types]
    others = [one.theme for one in shelves(here.types) if one not in there]
    levels = await levels_of(here)
    return render(
        request,
        "portal/theme.html",
        theme=shelf.theme,
        cards=[card(request_type, here.town, levels, here.language) for request_type in request_types],
        others=[(one.title, address(here.language, ":services", one.slug.to(here.language))) for one in others],
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
