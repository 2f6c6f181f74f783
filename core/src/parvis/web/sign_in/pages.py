"""The sign-in page in its one or two steps, and the way out."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.response import Redirect
from msgspec import Struct

from parvis.composition import Deployment
from parvis.i18n import gettext, say
from parvis.people.agents import Person, get_agent
from parvis.people.one_time import enrolment_address, is_demanded, is_due, new_secret, qr_code
from parvis.people.sessions import end_session, opened_with
from parvis.people.sign_in import Caller, Refusal, SignedIn, begin_codes, check_code, check_password, open_door
from parvis.people.throttle import caller_of
from parvis.viewers import viewer_of
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel, drawn
from parvis.web.places import handlers_in, nouns_in
from parvis.web.routers import NO_PACKAGES, routers
from parvis.web.security import FROM_ELSEWHERE, protect_forms
from parvis.web.sign_in.guard import SIGN_IN, local
from parvis.web.sign_in.keys import (
    Ticket,
    browser_cookie,
    browser_in,
    device_cookie,
    device_of,
    key_cookie,
    new_mark,
    no_cookie,
    read_ticket,
    ticket_for,
    token_in,
)
from parvis.web.sign_in.recovery import alarm_of, enrolment_notice_of, notice_of, shown_once
from parvis.web.town import find_town, town_of
from parvis.web.typed import typed
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

DESK, OPERATORS = "/bureau", "/exploitation"
BEGIN = f"{SIGN_IN}/nouveau-code"
WAYS, LEFT = "sign_in.ways", "sign_in.left"  # boxes: other ways to come in; what is left to do after leaving


class SigningInPage(Struct, frozen=True, kw_only=True):
    """What the sign-in page is about: where one goes `onward`, in which language, and how one had come in who left."""

    onward: str
    language: str | None
    left: str


def routes(packages: Mapping[str, str] = NO_PACKAGES) -> list[Any]:
    """The pages that anyone may open, to come in or go out, with those that modules bring."""
    return routers(handlers_in("parvis.web.sign_in"), packages, _sent_by_us, refusing={}, given={})


async def _sent_by_us(request: AnyRequest) -> None:
    """Forms that change something must come from our pages, unless a handler accepts others by `opt`."""
    if not request.route_handler.opt.get(FROM_ELSEWHERE):
        await protect_forms(request)


@get(SIGN_IN)
async def show_door(request: AnyRequest) -> Response[Any]:
    """The page, or straight on for somebody who is in already and owes no second factor."""
    onward = local(request.query_params.get("next", ""))
    deployment = deployment_of(request)
    opened = await opened_with(deployment.host.engine, token_in(request))
    if opened is not None and not is_due(opened, deployment.jurisdictions):
        return _redirect(onward or home_of(opened.person))
    return await sign_in_page(request, onward=onward, left=request.query_params.get("sortie"))


@post(SIGN_IN, status_code=HTTPStatus.OK)
async def come_in(request: AnyRequest) -> Response[Any]:
    """The first step: e-mail and password."""
    sent = await typed(request)
    onward, email = local(sent.text("next")), sent.text("email")
    deployment = deployment_of(request)
    only = deployment.settings.sign_in.passwords
    known = await check_password(deployment.host.engine, email, sent.text("password"), signing_in(request, email), only)
    if isinstance(known, Refusal):
        return await sign_in_page(request, onward=onward, email=email, refused=known)
    if known.one_time:
        return code_page(request, Ticket(person=known.id), onward)
    if is_demanded(known, deployment.jurisdictions):
        return begin_page(request, Ticket(person=known.id), known, onward, new_secret())
    caller = signing_in(request, known.email)
    return await let_in(request, await open_door(deployment.host.engine, known, caller), onward)


@post(f"{SIGN_IN}/code", status_code=HTTPStatus.OK)
async def second_step(request: AnyRequest) -> Response[Any]:
    """The second step, for those who chose one-time codes."""
    sent = await typed(request)
    deployment, onward = deployment_of(request), local(sent.text("next"))
    ticket = read_ticket(deployment.host.secret, sent.text("ticket"))
    known = await get_agent(deployment.host.engine, ticket.person) if ticket else None
    if ticket is None or known is None or not known.active:
        return await sign_in_page(request, onward=onward, refused=Refusal(reason="code"))
    answer = await check_code(
        deployment.host.engine,
        known,
        sent.text("code"),
        signing_in(request, known.email),
        ticket.door,
        key=deployment.host.secret,
        notice=notice_of(request, known),
        alarm=alarm_of(request, known),
    )
    if isinstance(answer, Refusal):
        return code_page(request, ticket, onward, refused=answer)
    return await let_in(request, answer, onward)


@post(BEGIN, status_code=HTTPStatus.OK)
async def begin_second_step(request: AnyRequest) -> Response[Any]:
    """Codes turned on while signing in, by somebody with a password whose town requires them."""
    sent = await typed(request)
    deployment, onward, secret = deployment_of(request), local(sent.text("next")), sent.text("secret")
    ticket = read_ticket(deployment.host.secret, sent.text("ticket"))
    known = await get_agent(deployment.host.engine, ticket.person) if ticket else None
    if ticket is None or known is None or not known.active:
        return await sign_in_page(request, onward=onward, refused=Refusal(reason="code"))
    if known.one_time:  # turned on meanwhile, in another window
        return code_page(request, ticket, onward)
    code, caller = sent.text("code"), signing_in(request, known.email)
    notice = enrolment_notice_of(request, known)
    answer = await begin_codes(
        deployment.host.engine, known, secret, code, caller, deployment.host.secret, notice=notice
    )
    if isinstance(answer, Refusal):
        return begin_page(request, ticket, known, onward, secret, refused=answer)
    return await recovery_page(request, answer, onward)


@post("/deconnexion")
async def leave(request: AnyRequest) -> Response[Any]:
    """The session is over here and in the database; the browser forgets what it kept of our pages.

    Where it was begun elsewhere the person is still known there: the page offers to leave there too.
    """
    door = await end_session(deployment_of(request).host.engine, token_in(request))
    return _redirect(f"{SIGN_IN}?sortie={door}", no_cookie(request), headers={"clear-site-data": '"cache"'})


async def let_in(request: AnyRequest, answer: SignedIn, onward: str) -> Response[Any]:
    await _end_old(request)
    return _redirect(onward or home_of(answer.person), *_opened(request, answer))


def _opened(request: AnyRequest, answer: SignedIn) -> list[Cookie]:
    """The session, and that this device is known from now on."""
    secret = deployment_of(request).host.secret
    return [key_cookie(request, answer.token), device_cookie(request, secret, answer.person.email)]


async def recovery_page(request: AnyRequest, answer: SignedIn, onward: str) -> Response[Any]:
    """In, by way of the recovery codes, which are shown once."""
    await _end_old(request)
    deployment, language = deployment_of(request), answer.person.language
    pages, town = request.app.state.pages, town_of(request.scope) or find_town(deployment.jurisdictions, request.scope)
    with pages.catalogues.speaking(language, town.time_zone):
        shown = shown_once(answer.recovery, answer.person, say(town.name), onward or home_of(answer.person))
    page: Response[Any] = pages.render(
        request,
        "doors/recovery.html",
        keep=False,
        menu=[],
        language=language,
        alternates={},
        cookies=_opened(request, answer),
        **shown,
    )
    return page


async def _end_old(request: AnyRequest) -> None:
    if old := token_in(request):
        await end_session(deployment_of(request).host.engine, old)


def home_of(person: Person) -> str:
    """Where somebody's work is: the desk, or the operators' pages for those who only keep the installation."""
    rights = frozenset[str]().union(*(reach.permissions for reach in viewer_of(person).reaches))
    return OPERATORS if rights == {"operate"} else DESK


def _redirect(to: str, *cookies: Cookie, headers: dict[str, str] | None = None) -> Redirect:
    return Redirect(to, status_code=303, cookies=list(cookies), headers=headers)


async def sign_in_page(
    request: AnyRequest,
    *,
    onward: str,
    email: str = "",
    refused: Refusal | None = None,
    not_let_in: Problems | None = None,
    left: str | None = None,
) -> Response[Any]:
    """The sign-in page; it marks the browser beforehand, so that two presses of one button begin in one browser."""
    about = SigningInPage(onward=onward, language=asked_language(request), left=left or "")
    ways = await _boxes(request, WAYS, about)
    return _render(
        request,
        "doors/sign_in.html",
        Refusal(reason="no_password") if refused and refused.reason == "by_provider" and not ways else refused,
        not_let_in,
        onward=onward,
        email=email,
        left=left,
        cookies=[browser_cookie(request, new_mark())] if ways and not browser_in(request) else [],
        after_leaving=await _boxes(request, LEFT, about) if left else (),
        ways=ways,
        few_passwords=bool(deployment_of(request).settings.sign_in.passwords),
    )


async def _boxes(request: AnyRequest, slot: str, about: SigningInPage) -> tuple[Panel, ...]:
    town = town_of(request.scope)
    panels = nouns_in(request, deployment_of(request).host, town, PagePanel, slot) if town else ()
    return await drawn(panels, request, about, lambda right: True)


def code_page(request: AnyRequest, ticket: Ticket, onward: str, refused: Refusal | None = None) -> Response[Any]:
    given = ticket_for(deployment_of(request).host.secret, ticket)
    return _render(request, "doors/code.html", refused, onward=onward, ticket=given)


def begin_page(
    request: AnyRequest, ticket: Ticket, known: Person, onward: str, secret: str, refused: Refusal | None = None
) -> Response[Any]:
    """A secret to scan before anything else; nothing of it is kept before a code shows that it was."""
    town = town_of(request.scope)
    name = town.name.to(known.language) if town else ""
    return _render(
        request,
        "doors/new_code.html",
        refused,
        onward=onward,
        ticket=ticket_for(deployment_of(request).host.secret, ticket),
        action=BEGIN,
        secret=secret,
        drawing=qr_code(enrolment_address(secret, known.email, name)),
    )


def asked_language(request: AnyRequest) -> str | None:
    """The language that the address asks for, if the town has it."""
    town, wanted = town_of(request.scope), request.query_params.get("langue", "")
    return wanted if wanted in (town.languages if town else ("fr",)) else None


def _render(
    request: AnyRequest, template: str, refused: Refusal | None, problems: Problems | None = None, **values: Any
) -> Response[Any]:
    town, language = town_of(request.scope), asked_language(request)
    languages = town.languages if town else ("fr",)
    pages = request.app.state.pages
    if refused:
        with pages.catalogues.speaking(language or pages.page(request).language):
            problems = said(refused)
    page: Response[Any] = pages.render(
        request,
        template,
        status=429 if refused and refused.reason == "throttled" else 422 if problems else 200,
        headers={"retry-after": str(refused.wait)} if refused and refused.wait else None,
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
        "wrong": ("email", gettext("The email or the password is incorrect.")),
        "throttled": ("", gettext("Too many attempts. Wait fifteen minutes, then try again.")),
        "by_provider": (
            "email",
            gettext("This account has no password sign-in. Use your organization’s button above."),
        ),
        "no_password": (
            "email",
            gettext("The password is correct, but this account cannot sign in with it. Ask the operator."),
        ),
        "code": ("email", gettext("The step took too long. Enter your email and password again.")),
        "wrong_code": ("code", gettext("The code is incorrect or has already been used. Wait for the next one.")),
        "wrong_recovery": (
            "code",
            gettext("This recovery code is incorrect or has already been used. Each code works once."),
        ),
    }[refused.reason]
    return Problems(found=(Problem(path=path, code=refused.reason, message=Text(fr=words, en=words)),))


def deployment_of(request: AnyRequest) -> Deployment:
    deployment: Deployment = request.app.state.deployment
    return deployment


def signing_in(request: AnyRequest, email: str = "") -> Caller:
    """From where somebody asks; for the account of this e-mail, whether the device is known."""
    known = device_of(request, deployment_of(request).host.secret, email) if email else ""
    return Caller(address=caller_of(request), device=request.headers.get("user-agent", ""), known=known)
