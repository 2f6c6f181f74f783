"""The way to a provider of sign-in and back, and the ways out there."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from parvis.i18n import gettext
from parvis.jurisdictions import Jurisdiction
from parvis.people.sessions import end_sessions_at, person_of
from parvis.people.sign_in import BY_ADDRESS, WINDOW, open_door
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.security import FROM_ELSEWHERE
from parvis.web.sign_in.guard import ALSO_OFF, SIGN_IN, WHERE_OFF, local
from parvis.web.sign_in.keys import Ticket, browser_cookie, browser_in, new_mark, token_in
from parvis.web.sign_in.pages import (
    LEFT,
    WAYS,
    SigningInPage,
    asked_language,
    code_page,
    deployment_of,
    home_of,
    let_in,
    sign_in_page,
    signing_in,
)
from parvis.web.town import find_town, town_of
from parvis_identity_providers.arrivals import NotLetIn, ProviderArrival, agent_at, begin, finish, resting_towns
from parvis_identity_providers.arrivals import key_of as outside_key
from parvis_identity_providers.providers import IdentityProvider, IdentityProviders, Provider
from parvis_identity_providers.rules import TOWN
from parvis_sdk.errors import Later, Refused
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

WAYS_BY_ADDRESS = 10 * BY_ADDRESS  # a whole town hall comes in at eight, from one address
log = structlog.get_logger("parvis.web")


@get(f"{SIGN_IN}/par/{{provider:str}}")
async def go_there(request: AnyRequest, provider: FromPath[str]) -> Response[Any]:
    """To the provider. A link, not a form: providers send on to others, which a policy for forms would stop."""
    deployment, town = deployment_of(request), town_here(request)
    doorway, onward = doorway_of(request, provider), local(request.query_params.get("next", ""))
    if not await take_try(deployment.host.engine, key_of("way-from", caller_of(request)), WAYS_BY_ADDRESS, WINDOW):
        return await _turned_away(request, doorway.provider, NotLetIn(reason="away"), onward)
    language = asked_language(request) or request.app.state.pages.page(request).language
    mark = browser_in(request) or new_mark()
    try:
        address = await begin(
            deployment.host.engine,
            doorway,
            town,
            redirect=f"{town_url(deployment.host, town)}{SIGN_IN}/retour/{provider}",
            onward=onward,
            browser=mark,
            language=language,
        )
    except (Later, Refused) as error:
        log.warning("a provider of sign-in is away", provider=provider, trouble=error.reason)
        return await _turned_away(request, doorway.provider, NotLetIn(reason="away"), onward)
    return Redirect(address, status_code=303, cookies=[browser_cookie(request, mark)], headers=NOT_KEPT)


def to_sign_in(request: AnyRequest) -> Response[Any]:
    """The sign-in page, for people who return from a provider that was switched off meanwhile."""
    return Redirect(SIGN_IN, status_code=303)


@get(f"{SIGN_IN}/retour/{{provider:str}}", opt={WHERE_OFF: to_sign_in})
async def come_back(request: AnyRequest, provider: FromPath[str]) -> Response[Any]:
    """Back from the provider, with a code or with what it says against it."""
    deployment, doorway = deployment_of(request), doorway_of(request, provider)
    language = request.app.state.pages.page(request).language
    answer = await finish(
        deployment.host.engine,
        doorway,
        deployment.jurisdictions,
        dict(request.query_params),
        browser=browser_in(request),
        language=language,
        resting=resting_towns(deployment.host),
    )
    if isinstance(answer, NotLetIn):
        known = await person_of(deployment.host.engine, token_in(request)) if answer.reason == "lost" else None
        if known is not None:  # they came in a moment ago: the page was asked for again
            return Redirect(home_of(known), status_code=303)
        return await _turned_away(request, doorway.provider, answer, "")
    if answer.person.one_time and not answer.proved:
        return code_page(request, Ticket(person=answer.person.id, door=answer.door), answer.onward)
    return await _in(request, answer)


@get(f"{SIGN_IN}/sortie/{{provider:str}}")
async def leave_there(request: AnyRequest, provider: FromPath[str]) -> Response[Any]:
    """Out at the provider too, and back to the sign-in page."""
    deployment, town, doorway = deployment_of(request), town_here(request), doorway_of(request, provider)
    try:
        address = (await doorway.metadata()).end_session_endpoint
    except (Later, Refused):
        return await _turned_away(request, doorway.provider, NotLetIn(reason="away"), "")
    if not address:
        return Redirect(SIGN_IN, status_code=303)
    back = {
        "client_id": doorway.provider.client_id,
        "post_logout_redirect_uri": f"{town_url(deployment.host, town)}{SIGN_IN}",
    }
    return Redirect(f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(back)}", status_code=303)


@post(f"{SIGN_IN}/sortie/{{provider:str}}", status_code=HTTPStatus.OK, opt={FROM_ELSEWHERE: True, ALSO_OFF: True})
async def left_there(request: AnyRequest, provider: FromPath[str]) -> Response[None]:
    """The provider says that somebody has left it: their sessions by this provider are over here too, although it lets
    nobody in any more."""
    doorway = doorway_of(request, provider)
    token = (await request.form()).get("logout_token", "")
    try:
        claims = await doorway.logout_claims_of(token if isinstance(token, str) else "")
    except (Later, Refused) as error:
        log.warning("a word of leaving is not believed", provider=provider, trouble=error.reason)
        return Response(None, status_code=HTTPStatus.BAD_REQUEST, headers=NOT_KEPT)
    issuer, session, subject = doorway.provider.issuer, claims.get("sid"), claims.get("sub")
    await end_sessions_at(
        deployment_of(request).host.engine,
        provider,
        session=outside_key(issuer, session) if isinstance(session, str) and session else "",
        agent=await agent_at(issuer, subject) if isinstance(subject, str) else None,
    )
    return Response(None, status_code=HTTPStatus.OK, headers=NOT_KEPT)


NOT_KEPT = {"cache-control": "no-store"}


def doorway_of(request: AnyRequest, provider: str) -> IdentityProvider:
    """The provider, if this town lets it in."""
    found = deployment_of(request).host.of(IdentityProviders).get(provider)
    if found is None or provider not in TOWN.of(town_here(request)).providers:
        raise NotFoundException("No such provider of sign-in.")
    return found


def town_here(request: AnyRequest) -> Jurisdiction:
    return town_of(request.scope) or find_town(deployment_of(request).jurisdictions, request.scope)


async def _in(request: AnyRequest, arrived: ProviderArrival) -> Response[Any]:
    engine = deployment_of(request).host.engine
    return await let_in(
        request,
        await open_door(engine, arrived.person, signing_in(request), arrived.door, proved=arrived.proved),
        arrived.onward,
    )


async def _turned_away(request: AnyRequest, provider: Provider, refused: NotLetIn, onward: str) -> Response[Any]:
    pages = request.app.state.pages
    language = asked_language(request) or pages.page(request).language
    with pages.catalogues.speaking(language):
        words = said(refused, provider.name.to(language))
    problem = Problem(path="", code=refused.reason, message=Text(fr=words, en=words))
    return await sign_in_page(request, onward=onward, not_let_in=Problems(found=(problem,)))


def said(refused: NotLetIn, name: str) -> str:
    """Why somebody who came by a provider stays outside, and what they can do."""
    words = {
        "lost": gettext("This sign-in took too long or was started in another window. Start again."),
        "denied": gettext("%(name)s refused the sign-in, or you cancelled it. Start again, or sign in another way."),
        "away": gettext("%(name)s is not responding properly. Try again in a moment, or sign in another way."),
        "strange": gettext(
            "The answer from %(name)s is not reliable, so the sign-in was refused. Notify the operator of this site."
        ),
        "no_email": gettext(
            "%(name)s recognizes you but does not provide your email address. Contact the operator of this site."
        ),
        "no_role": gettext(
            "%(name)s recognizes you, but you have no role here. Ask the operator of this site for one."
        ),
        "no_account": gettext(
            "%(name)s recognizes you, but you have no account here. Ask the operator of this site for one."
        ),
        "taken": gettext("Your account here is not linked to %(name)s. Ask the operator of this site to link them."),
        "closed": gettext("This account is closed."),
        "second_factor": gettext(
            "The town requires two-step verification, and %(name)s did not report any. Set it up there, then come back."
        ),
    }[refused.reason]
    return words % {"name": name} if "%(name)s" in words else words


def ways_of(host: Host, town: Jurisdiction) -> list[Provider]:
    """The providers of a town, in its order."""
    known = host.of(IdentityProviders)
    return [known[code].provider for code in TOWN.of(town).providers if code in known]


def way_to(provider: Provider, onward: str, language: str | None) -> str:
    query = urlencode({name: each for name, each in (("next", onward), ("langue", language)) if each})
    return f"{SIGN_IN}/par/{provider.code}{'?' if query else ''}{query}"


async def shown_ways(request: AnyRequest, about: SigningInPage) -> Panel | None:
    ways = ways_of(deployment_of(request).host, town_here(request))
    shown = [(each.name, way_to(each, about.onward, about.language)) for each in ways]
    return Panel(template="identity_providers/ways.html", values={"ways": shown}) if shown else None


async def shown_after_leaving(request: AnyRequest, about: SigningInPage) -> Panel | None:
    ways = ways_of(deployment_of(request).host, town_here(request))
    left = next((each for each in ways if each.code == about.left), None)
    return Panel(template="identity_providers/left.html", values={"provider": left}) if left else None


BUTTONS: PagePanel[AnyRequest, SigningInPage] = PagePanel(
    slot=WAYS, name="providers", title=lambda: gettext("Sign-in with a provider"), draw=shown_ways
)
AFTER_LEAVING: PagePanel[AnyRequest, SigningInPage] = PagePanel(
    slot=LEFT, name="left-provider", title=lambda: gettext("Sign-out from a provider"), draw=shown_after_leaving
)
