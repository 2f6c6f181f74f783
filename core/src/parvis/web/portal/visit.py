"""Who visits: the town, the language and the host behind one request for a page of the portal."""

import re
from typing import Any, cast

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import SkipValidation
from litestar.response import Redirect
from msgspec import Struct

from parvis import clock
from parvis.composition import Deployment
from parvis.i18n import LANGUAGES
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.contacts import contact_methods, methods_read
from parvis.requests.drafting import is_ours
from parvis.requests.host import Host
from parvis.requests.lists.public_list import public_list
from parvis.requests.offered import type_by_slug, types_for_anyone, withheld_by_slug
from parvis.requests.persons.resident_space import resident_space
from parvis.web.addresses import address, patterns
from parvis.web.pages import language_of
from parvis.web.places import Thing, nouns_in
from parvis.web.security import FROM_ELSEWHERE, is_one_click, protect_forms, refuse_foreign, sent_visitor
from parvis.web.town import find_town, town_of
from parvis_sdk.contact_methods import ContactMethod
from parvis_sdk.request_types import RequestType

AnyRequest = Request[Any, Any, Any]
ENGLISH_COOKIE = "parvis_english"
DRAFT_FIELD = "_draft"
FORMS = tuple(f"{pattern}/" for word in (":apply", ":draft") for pattern in patterns(word)) + tuple(patterns(":begin"))
ONE_CLICK = re.compile("|".join([*patterns(":track", "[^/]+", ":messages"), *patterns(":following", "[^/]+")]))
OPEN_TO_ALL = {pattern.rstrip("/") for pattern in patterns(":declaration")}


class Visit(Struct, frozen=True, kw_only=True):
    """One request as handlers of the portal see it."""

    request: Any
    deployment: Deployment
    town: Jurisdiction
    language: str

    @property
    def host(self) -> Host:
        return self.deployment.host

    def nouns(self, noun: type[Thing], slot: str) -> tuple[Thing, ...]:
        """What is declared for a slot and there in this town."""
        return nouns_in(self.request, self.host, self.town, noun, slot)

    @property
    def types(self) -> tuple[RequestType, ...]:
        return types_for_anyone(self.host, self.town)

    @property
    def contact_methods(self) -> tuple[ContactMethod, ...]:
        """The ways in which people of the town may be reached."""
        return contact_methods(self.host, self.town)

    @property
    def methods_read(self) -> tuple[ContactMethod, ...]:
        """Those that are read where somebody wishes them."""
        return methods_read(self.host, self.town)

    @property
    def today(self) -> Any:
        return local_day(self.town.calendar, clock.now())

    @property
    def secure(self) -> bool:
        """Whether cookies may only travel encrypted."""
        return bool(self.request.app.state.pages.secure_cookies)

    def request_type_at(self, theme: str, slug: str) -> RequestType:
        """The request type of an address, or a page that says there is none."""
        request_type = type_by_slug(self.host, self.town, self.language, theme, slug)
        if request_type is None:
            raise NotFoundException("There is no such service.")
        return request_type

    def withheld_at(self, theme: str, slug: str) -> RequestType | None:
        """The request type of an address, where it takes no new request for now."""
        offered = type_by_slug(self.host, self.town, self.language, theme, slug)
        return None if offered else withheld_by_slug(self.host, self.town, self.language, theme, slug)

    def apply(self, request_type: RequestType, *more: str, **query: str) -> str:
        return apply_address(self.language, request_type, *more, **query)

    def list_address(self, **query: str) -> str:
        """The list of public requests; empty where the town has none."""
        there = public_list(self.host, self.town)
        return address(self.language, *there.steps, **query) if there else ""

    def space_address(self) -> str:
        """Where a resident finds all their requests; empty where the town has no such page."""
        there = resident_space(self.host, self.town)
        return address(self.language, *there.steps) if there else ""

    def kept(self, name: str, value: str, path: str = "/", days: int = 7) -> Cookie:
        """A cookie that scripts cannot read and other sites cannot send along."""
        age = days * 86_400
        return Cookie(key=name, value=value, path=path, max_age=age, httponly=True, secure=self.secure, samesite="lax")


def visit(request: AnyRequest) -> Visit:
    deployment = cast("Deployment", request.app.state.deployment)
    town = town_of(request.scope) or find_town(deployment.jurisdictions, request.scope)
    return Visit(request=request, deployment=deployment, town=town, language=language_of(request, town))


AtPortal = NamedDependency[SkipValidation[Visit]]
AT_THE_PORTAL = {"here": Provide(visit, sync_to_thread=False)}
"""What every handler for residents may ask for: `here: AtPortal`."""


def apply_address(language: str, request_type: RequestType, *more: str, **query: str) -> str:
    """The address of the form of a request type, or of one of its steps."""
    return address(
        language, ":apply", request_type.theme.slug.to(language), request_type.slug.to(language), *more, **query
    )


def service_address(language: str, request_type: RequestType, *more: str, **query: str) -> str:
    """The address of the page of a service, or of one below it."""
    return address(
        language, ":services", request_type.theme.slug.to(language), request_type.slug.to(language), *more, **query
    )


def see_other(path: str, *cookies: Cookie) -> Redirect:
    """After something was sent: the page to look at now, which a reload only shows again."""
    return Redirect(path, status_code=303, cookies=list(cookies), headers={"cache-control": "no-store"})


async def enter(request: AnyRequest) -> Response[Any] | None:
    """Before every page: a language that the town speaks, English declared where it must be, forms of our own only."""
    here = visit(request)
    first = request.url.path.split("/", 2)[1]
    if first in LANGUAGES and first not in here.town.languages:
        raise NotFoundException("This town does not speak that language.")
    if first in LANGUAGES and must_declare(request, here) and request.url.path.rstrip("/") not in OPEN_TO_ALL:
        return see_other(address("en", ":declaration", next=own_path(request)))
    if request.route_handler.opt.get(FROM_ELSEWHERE):
        return None
    if not await carries_draft(request, here) and not await _stops_by_one_click(request):
        await protect_forms(request)
    return None


async def _stops_by_one_click(request: AnyRequest) -> bool:
    """A mail program sends one word, no cookie and no token (RFC 8058): the address itself has the right to stop."""
    stops = request.route_handler.opt.get("one_click") or ONE_CLICK.fullmatch(request.url.path) is not None
    return stops and await is_one_click(request)


async def carries_draft(request: AnyRequest, here: Visit) -> bool:
    """Whether a browser that refuses cookies sends a form whose draft we began: there is nothing to ride on then."""
    if request.method == "GET" or sent_visitor(request) or not request.url.path.startswith(FORMS):
        return False
    token = (await request.form()).get(DRAFT_FIELD)
    if not isinstance(token, str) or not is_ours(here.host.secret, token):
        return False
    refuse_foreign(request)
    return True


def must_declare(request: AnyRequest, here: Visit) -> bool:
    asked = here.language == "en" and here.town.language_regime == "english_on_declaration"
    return asked and request.method == "GET" and ENGLISH_COOKIE not in request.cookies


def own_path(request: AnyRequest) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
