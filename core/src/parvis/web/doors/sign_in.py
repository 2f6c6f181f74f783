"""The sign-in page in its one or two steps, and the way out."""

from http import HTTPStatus
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from parvis.host import Host
from parvis.i18n import gettext
from parvis.people.agents import Person, get_agent
from parvis.people.sessions import end_session, person_of
from parvis.people.sign_in import Caller, Refusal, SignedIn, check_code, check_password, open_door
from parvis.viewing import viewer_of
from parvis.web.doors.guard import SIGN_IN, local
from parvis.web.doors.keys import key_cookie, no_cookie, person_on, ticket_for, token_in
from parvis.web.pages import AnyRequest
from parvis.web.town import town_of
from parvis.web.typed import typed
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

DESK, OPERATORS = "/bureau", "/exploitation"


@get(SIGN_IN)
async def show_door(request: AnyRequest) -> Response[Any]:
    """The page, or straight on for somebody who is in already."""
    onward = local(request.query_params.get("next", ""))
    person = await person_of(_host(request).heart.engine, token_in(request))
    if person is not None:
        return _redirect(onward or home_of(person))
    return _page(request, onward=onward, left="sortie" in request.query_params)


@post(SIGN_IN, status_code=HTTPStatus.OK)
async def come_in(request: AnyRequest) -> Response[Any]:
    """The first step: e-mail and password."""
    sent = await typed(request)
    onward, email = local(sent.text("next")), sent.text("email")
    known = await check_password(_host(request).heart.engine, email, sent.text("password"), _caller(request))
    if isinstance(known, Refusal):
        return _page(request, onward=onward, email=email, refused=known)
    if known.one_time:
        return _second_page(request, known.id, onward)
    return await _let_in(request, await open_door(_host(request).heart.engine, known, _caller(request)), onward)


@post(f"{SIGN_IN}/code", status_code=HTTPStatus.OK)
async def second_step(request: AnyRequest) -> Response[Any]:
    """The second step, for those who chose one-time codes."""
    sent = await typed(request)
    host, onward = _host(request), local(sent.text("next"))
    person_id = person_on(host.heart.secret, sent.text("ticket"))
    known = await get_agent(host.heart.engine, person_id) if person_id else None
    if known is None or not known.active:
        return _page(request, onward=onward, refused=Refusal(reason="code"))
    answer = await check_code(host.heart.engine, known, sent.text("code"), _caller(request))
    if isinstance(answer, Refusal):
        return _second_page(request, known.id, onward, refused=answer)
    return await _let_in(request, answer, onward)


@post("/deconnexion")
async def leave(request: AnyRequest) -> Response[Any]:
    """The session is over here and in the database; the browser forgets what it kept of our pages."""
    if token := token_in(request):
        await end_session(_host(request).heart.engine, token)
    return _redirect(f"{SIGN_IN}?sortie", no_cookie(request), {"clear-site-data": '"cache"'})


async def _let_in(request: AnyRequest, answer: SignedIn, onward: str) -> Response[Any]:
    if old := token_in(request):
        await end_session(_host(request).heart.engine, old)
    return _redirect(onward or home_of(answer.person), key_cookie(request, answer.token))


def home_of(person: Person) -> str:
    """Where somebody's work is: the desk, or the operators' pages for those who only keep the installation."""
    rights = frozenset[str]().union(*(reach.permissions for reach in viewer_of(person).reaches))
    return OPERATORS if rights == {"operate"} else DESK


def _redirect(to: str, cookie: Any = None, headers: dict[str, str] | None = None) -> Redirect:
    return Redirect(to, status_code=303, cookies=[cookie] if cookie else [], headers=headers)


def _page(
    request: AnyRequest, *, onward: str, email: str = "", refused: Refusal | None = None, left: bool = False
) -> Response[Any]:
    return _render(request, "doors/sign_in.html", refused, onward=onward, email=email, left=left)


def _second_page(request: AnyRequest, person_id: str, onward: str, refused: Refusal | None = None) -> Response[Any]:
    ticket = ticket_for(_host(request).heart.secret, person_id)
    return _render(request, "doors/code.html", refused, onward=onward, ticket=ticket)


def _render(request: AnyRequest, template: str, refused: Refusal | None, **values: Any) -> Response[Any]:
    town = town_of(request.scope)
    languages = town.languages if town else ("fr",)
    wanted = request.query_params.get("langue", "")
    language = wanted if wanted in languages else None
    pages = request.app.state.pages
    with pages.catalogues.speaking(language or pages.page(request).language):
        problems = said(refused) if refused else None
    status = {None: 200, "throttled": 429}.get(refused.reason if refused else None, 422)
    page: Response[Any] = pages.render(
        request,
        template,
        status=status,
        keep=False,
        menu=[],
        language=language,
        alternates={each: f"{SIGN_IN}?langue={each}" for each in languages},
        problems=problems,
        **values,
    )
    return page


def said(refused: Refusal) -> Problems:
    """The refusal in words; a wrong e-mail and a wrong password sound the same."""
    path, words = {
        "wrong": ("email", gettext("The email or the password is not right.")),
        "throttled": ("", gettext("There were too many tries. Wait fifteen minutes, then try again.")),
        "code": ("email", gettext("The step took too long. Enter your email and password again.")),
        "wrong_code": ("code", gettext("The code is not right or was already used. Wait for the next one.")),
    }[refused.reason]
    return Problems(found=(Problem(path=path, code=refused.reason, message=Text(fr=words, en=words)),))


def _host(request: AnyRequest) -> Host:
    host: Host = request.app.state.host
    return host


def _caller(request: AnyRequest) -> Caller:
    address = request.client.host if request.client else ""
    return Caller(address=address, device=request.headers.get("user-agent", ""))
