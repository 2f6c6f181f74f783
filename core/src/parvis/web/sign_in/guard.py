"""The guard before the rooms of the town's people: lets in people who are signed in and have a right there."""

from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from litestar import Response
from litestar.exceptions import NotAuthorizedException, NotFoundException, PermissionDeniedException
from litestar.response import Redirect

from parvis import i18n
from parvis.composition import Deployment
from parvis.people.one_time import is_due
from parvis.people.sessions import CurrentSession, may_finish, opened_with
from parvis.requests.remaining_parts import is_there
from parvis.viewers import permissions_in, viewer_of
from parvis.web.errors import SwitchedOff, wants_page
from parvis.web.pages import AnyRequest
from parvis.web.security import SAFE_METHODS, protect_forms
from parvis.web.sign_in.keys import token_in
from parvis.web.town import find_town, town_of

SIGN_IN = "/connexion"
SET_UP = "/bureau/compte/code"
REMAINS = "remains"
WHERE_OFF = "where_off"
ALSO_OFF = "also_off"
NO_PAGE = "There is no such page."
BeforeRequest = Callable[[AnyRequest], Awaitable[Response[Any] | None]]


def door(*permissions: str, anywhere: bool = False) -> BeforeRequest:
    """A `before_request` hook of a router: one of these permissions is enough, in this town or `anywhere`.

    Afterwards `person_at(request)` and `viewer_at(request)` answer, the language is the person's, and what changes
    something was sent by one of our pages.
    """

    async def stand(request: AnyRequest) -> Response[Any] | None:
        deployment: Deployment = request.app.state.deployment
        opened = await opened_with(deployment.host.engine, token_in(request))
        if opened is None:
            return turned_away(request)
        await protect_forms(request)
        if is_due(opened, deployment.jurisdictions) and (led := await led_to_second_step(request, opened)):
            return led
        person = opened.person
        viewer = viewer_of(person, deployment.host)
        town = town_of(request.scope) or find_town(deployment.jurisdictions, request.scope)
        towns = deployment.jurisdictions.by_code if anywhere else [town.code]
        if permissions and not any(permissions_in(viewer, code).intersection(permissions) for code in towns):
            raise PermissionDeniedException("This account has no rights here.")
        request.state.person, request.state.viewer = person, viewer
        i18n.speak(request.app.state.pages.catalogues.voice(person.language, town.time_zone))
        return None

    return stand


def of_module(name: str, let_in: BeforeRequest, *, anywhere: bool = False) -> BeforeRequest:
    """The same hook before the pages of a module: where the town does not have it, there is no such page.

    A handler may say by `opt` that it `remains`, as what stands in a slot does: what was given away stays within reach;
    what answers `where_off`, to people with an address that was sent to them; or that it is there `also_off`, for
    what was begun and must come to its end.
    """

    async def stand(request: AnyRequest) -> Response[Any] | None:
        deployment: Deployment = request.app.state.deployment
        here = town_of(request.scope) or find_town(deployment.jurisdictions, request.scope)
        towns = deployment.jurisdictions.by_code.values() if anywhere else [here]
        remains = request.route_handler.opt.get(REMAINS, "")
        also_off = request.route_handler.opt.get(ALSO_OFF)
        if not also_off and not any(is_there(deployment.host, town, name, remains) for town in towns):
            if answer := request.route_handler.opt.get(WHERE_OFF):
                return cast("Response[Any]", answer(request))
            raise NotFoundException(NO_PAGE) if request.method in SAFE_METHODS else SwitchedOff(NO_PAGE)
        return await let_in(request)

    return stand


async def led_to_second_step(request: AnyRequest, opened: CurrentSession) -> Response[Any] | None:
    """Somebody whose town began to require a second factor while they were in: no page opens before it is set up.

    What they were typing is taken in, with its files: the first form, and what other windows hold for a while. People
    who have codes already, or come in by a provider, enter them on the sign-in page.
    """
    deployment: Deployment = request.app.state.deployment
    is_form = request.method not in SAFE_METHODS and wants_page(request)
    sets_up = not (opened.door or opened.person.one_time) and opened.person.has_password
    if sets_up and request.url.path == SET_UP:
        return None
    if is_form and await may_finish(deployment.host.engine, opened, token_in(request)):
        return None
    return turned_away(request, SET_UP if sets_up else SIGN_IN)


def turned_away(request: AnyRequest, to: str = SIGN_IN) -> Response[Any]:
    """To the sign-in page and back again; a script is told, instead of getting a page it did not ask for."""
    if not wants_page(request):
        raise NotAuthorizedException("Sign in first.")
    back = local(str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""))
    if request.method not in SAFE_METHODS:
        back = came_from(request)
    query = urlencode({"next": back} if back else {})
    return Redirect(f"{to}?{query}" if query else to, status_code=303)


def came_from(request: AnyRequest) -> str:
    """The page of ours that sent this form."""
    parts = urlsplit(request.headers.get("referer", ""))
    here = parts.netloc == request.headers.get("host", "")
    return local(f"{parts.path}?{parts.query}" if parts.query else parts.path) if here else ""


def local(address: str) -> str:
    """The address if it is a path of ours, else nothing: nobody is sent elsewhere by signing in here."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    is_clean = not any(character < "!" or character in "\\\x7f" for character in address)
    return address[:2000] if is_path and is_clean and not urlsplit(address).netloc else ""
