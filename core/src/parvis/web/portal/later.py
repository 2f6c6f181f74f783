"""Leaving a form for later: until when it is kept, and the private link that opens it anywhere, shown and mailed."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath

from parvis.i18n import format_date
from parvis.people.own_keys import same
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.contact_methods import channels_of
from parvis.requests.drafting.draft_keys import key_for
from parvis.requests.links import town_url
from parvis.requests.persons.link_letters import LinkLetter, send_link
from parvis.web.addresses import address, patterns
from parvis.web.pages import render
from parvis.web.portal.drafting import FormDraft, working
from parvis.web.portal.sending import SEVERAL
from parvis.web.portal.showing import address_of
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.typed import typed
from parvis_sdk.contact_methods import EMAIL as BY_MAIL
from parvis_sdk.fields import Email
from parvis_sdk.problems import Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
EMAIL = Email(
    code="email",
    label=Text(fr="Courriel", en="Email"),
    help=Text(
        fr=(
            "Sert à vous envoyer ce lien et à retrouver ce brouillon sous «\u00a0Mes requêtes\u00a0», rien d’autre. "
            "L’adresse n’est pas ajoutée à votre demande."
        ),
        en=(
            "Used to send you this link and to find this draft again under “My requests”, nothing else. "
            "The address is not added to your request."
        ),
    ),
    autocomplete="email",
)
MAILS_OF_CALLER, MAILS_OF_DRAFT, MAILS_TO_ADDRESS = 20, 5, 5
MAIL_WINDOW = timedelta(hours=6)
SUBJECT = Text(fr="Votre demande commencée\u00a0: {kind}", en="The request you began: {kind}")
BODY = Text(
    fr=(
        "Vous avez commencé une demande\u00a0: {kind}. Elle n’est pas encore envoyée.\n\n"
        "Ce lien permet de la continuer, sur n’importe quel appareil, jusqu’au {until}. "
        "Quiconque a ce lien peut lire ce que vous avez écrit\u00a0: ne le transférez pas."
    ),
    en=(
        "You have begun a request: {kind}. It has not been sent yet.\n\n"
        "This link lets you continue it, on any device, until {until}. "
        "Whoever has this link can read what you wrote: do not forward it."
    ),
)
LABEL = Text(fr="Continuer ma demande", en="Continue my request")
BECAUSE = Text(
    fr=(
        "Vous recevez ce message parce que cette adresse a été donnée, sur le site de la Ville, "
        "pour y envoyer ce lien. "
        "Si ce n’est pas vous, ignorez-le\u00a0: rien d’autre ne sera envoyé."
    ),
    en=(
        "You receive this message because this address was given, on the town’s site, to send this link to. "
        "If it was not you, ignore it: nothing else will be sent."
    ),
)


@get(patterns(":apply", "{theme:str}", "{slug:str}", ":later"), name="later")
async def later(here: AtPortal, theme: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """Until when the draft is kept, and the link that opens it anywhere."""
    work = await working(here, here.kind_at(theme, slug))
    return show_later(work) if work.draft and not work.sent_as else see_other(work.at())


@post(patterns(":apply", "{theme:str}", "{slug:str}", ":later"), name="mail-draft", status_code=200)
async def mail_draft(here: AtPortal, request: AnyRequest, theme: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """Sends the link to the address given, whose own page lists the draft from then on."""
    work = await working(here, here.kind_at(theme, slug))
    if work.draft is None or work.sent_as:
        return see_other(work.at())
    sent = await typed(request)
    email = read_value(EMAIL, sent.text("email"), "email", Reading(), {})
    if isinstance(email, Problems):
        return show_later(work, email, sent.text("email"))
    await count_mail(work, str(email))
    await key_for(here.heart, work.draft, same(str(email)))
    await send_link(here.heart, here.town, letter_of(work, str(email)), "asked")
    return see_other(work.at(":later", envoye="1"))


async def count_mail(work: FormDraft, email: str) -> None:
    """So that nobody fills somebody else's mailbox from here."""
    limits = (
        (key_of("draft-mail-caller", caller_of(work.here.request)), MAILS_OF_CALLER),
        (key_of("draft-mail", work.holder), MAILS_OF_DRAFT),
        (key_of("draft-mail-to", same(email)), MAILS_TO_ADDRESS),
    )
    allowed = [await take_try(work.here.heart.engine, key, most, MAIL_WINDOW) for key, most in limits]
    if not all(allowed):
        raise TooManyRequestsException(SEVERAL)


def letter_of(work: FormDraft, email: str) -> LinkLetter:
    here: Visit = work.here
    return LinkLetter(
        to=email,
        language=here.language,
        subject=SUBJECT.format(kind=work.kind.title),
        body=BODY.format(kind=work.kind.title, until=format_date(work.kept_until)),
        label=LABEL,
        link=link_of(work),
        because=BECAUSE,
    )


def link_of(work: FormDraft) -> str:
    here: Visit = work.here
    return town_url(here.heart, here.town) + address(here.language, ":draft", work.token)


def show_later(work: FormDraft, problems: Problems | None = None, email: str = "") -> Response[Any]:
    here: Visit = work.here
    furthest = work.open_until()
    return render(
        here.request,
        "portal/later.html",
        status=422 if problems else 200,
        kind=work.kind,
        link=link_of(work),
        kept_until=work.kept_until,
        back=address_of(work, work.steps[furthest], furthest),
        token=work.token,
        action=work.at(":later"),
        let_go=address(here.language, ":draft", work.token),
        can_mail=BY_MAIL.name in channels_of(here.heart, here.town),
        field=EMAIL,
        values={"email": email},
        problems=problems,
        sent=here.request.query_params.get("envoye") == "1",
        headers={"x-robots-tag": "noindex, nofollow"},
        alternates={language: work.at(":later", language=language) for language in here.town.languages},
        keep=False,
    )
