"""How somebody comes to their own space: an address is typed, a link is mailed, a button behind the link opens it.

The answer to an address is the same in words and in work whatever is known of it: a link is made and mailed anyway.
"""

from typing import Any

import structlog
from litestar import Request, Response, get, post
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.outbox.addressees import confirm_address
from parvis.people.one_time_links import same
from parvis.requests.persons.link_letters import LinkLetter
from parvis.web.addresses import address, in_each, patterns
from parvis.web.entrance import MINUTES, UNLISTED, Entrance
from parvis.web.pages import FooterLink, render
from parvis.web.portal.visit import AtPortal, Visit, see_other, visit
from parvis.web.sign_in.guard import WHERE_OFF
from parvis.web.typed import typed
from parvis_my_requests.addresses import own
from parvis_my_requests.portal.page import show_own
from parvis_my_requests.portal.session import cookies, owner
from parvis_my_requests.sessions import LINK, begin_session
from parvis_sdk.fields import Email
from parvis_sdk.problems import Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
ENTRANCE = Entrance(name="own", kind=LINK, steps=own(), template="my_requests/link.html")
log = structlog.get_logger("parvis.own")
FOOTER = FooterLink(name="own", steps=own(), text=lambda: gettext("My requests"), when=lambda host, town: True)
EMAIL = Email(
    code="email",
    label=Text(fr="Votre courriel", en="Your email"),
    help=Text(fr="L’adresse que vous avez donnée avec vos requêtes.", en="The address you gave with your requests."),
    autocomplete="email",
)
SUBJECT = Text(fr="Votre lien vers vos requêtes", en="Your link to your requests")
BODY = Text(
    fr=(
        "Voici le lien qui ouvre votre page\u00a0: vos requêtes, celles que vous suivez, vos "
        "préférences et vos renseignements.\n\nIl est valide {minutes} minutes et ne fonctionne "
        "qu’une fois. Ne le transférez pas."
    ),
    en=(
        "Here is the link that opens your page: your requests, those you follow, your preferences "
        "and your information.\n\nIt is valid for {minutes} minutes and works only once. Do not "
        "forward it."
    ),
)
LABEL = Text(fr="Ouvrir ma page", en="Open my page")
BECAUSE = Text(
    fr=(
        "Quelqu’un a donné cette adresse sur le site de la Ville pour ouvrir cette page. "
        "Si ce n’est pas vous, ignorez-le\u00a0: rien n’est ouvert sans ce lien."
    ),
    en=(
        "Somebody gave this address on the town’s site to open this page. "
        "If it was not you, ignore it: nothing is opened without this link."
    ),
)


@get(patterns(*own()), name="own")
async def own_or_entrance(here: AtPortal) -> Response[Any]:
    """The page itself for a resident who is signed in; for others the field for an e-mail address."""
    found = await owner(here)
    return await show_own(here, found) if found else show_entrance(here)


@post(patterns(*own()), name="own-ask", status_code=200)
async def ask_for_link(here: AtPortal, request: AnyRequest) -> Response[Any]:
    typed_email = (await typed(request)).text("email")[:300]
    email = read_value(EMAIL, typed_email, "email", Reading(), {})
    if isinstance(email, Problems):
        return show_entrance(here, email, typed_email)
    await ENTRANCE.count_ask(here)
    if await ENTRANCE.has_links_left(here, here.town.code, same(str(email))):
        await ENTRANCE.send(here, letter_of(str(email), here.language))
    return see_other(address(here.language, *own(), envoye="1"))


def letter_of(email: str, language: str) -> LinkLetter:
    return LinkLetter(
        to=email,
        language=language,
        subject=SUBJECT,
        body=BODY.format(minutes=MINUTES),
        label=LABEL,
        because=BECAUSE,
    )


def show_entrance(here: Visit, problems: Problems | None = None, email: str = "") -> Response[Any]:
    given = here.request.query_params
    return render(
        here.request,
        "my_requests/entrance.html",
        status=422 if problems else 200,
        field=EMAIL,
        values={"email": email},
        problems=problems,
        sent=given.get("envoye") == "1",
        ended=given.get("fin") == "1",
        left=given.get("quitte") == "1",
        track=address(here.language, ":track"),
        headers=UNLISTED,
        alternates=in_each(here.town.languages, *own()),
        keep=False,
    )


def show_over(request: AnyRequest) -> Response[Any]:
    """The page where the module is off: an older letter cannot say so, its link does."""
    here = visit(request)
    return render(
        request,
        "my_requests/off.html",
        status=404,
        track=address(here.language, ":track"),
        headers=UNLISTED,
        alternates={},
        keep=False,
    )


@get(patterns(*own(":link", "{token:str}")), name="own-link", opt={WHERE_OFF: show_over})
async def link_page(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    return await ENTRANCE.show_link(visit(request), token)


@post(patterns(*own(":link", "{token:str}")), name="own-open", status_code=200, opt={WHERE_OFF: show_over})
async def press_link(here: AtPortal, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    await ENTRANCE.count_press(here)
    session = await begin_session(here.host.engine, here.town.code, token, request.headers.get("user-agent", ""))
    if session is None:
        return await ENTRANCE.show_link(here, token, is_used=True)
    await confirm_address(here.host.engine, here.host.secret, session.email)
    log.info("own page opened", town=here.town.code)
    return see_other(address(here.language, *own()), *cookies(here, session.token))
