"""A form left for later: until when its draft is kept, and the private link that opens it anywhere, to copy or mail."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath
from msgspec import structs

from parvis.i18n import format_date
from parvis.people.one_time_links import same
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.contacts import channels_of
from parvis.requests.drafting import key_for
from parvis.requests.links import town_url
from parvis.requests.persons.link_letters import LinkLetter, send_link
from parvis.requests.persons.resident_space import resident_space
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
        fr="Sert à vous envoyer ce lien, rien d’autre. L’adresse n’est pas ajoutée à votre requête.",
        en="Used to send you this link, nothing else. The address is not added to your request.",
    ),
    autocomplete="email",
)
FOUND_AGAIN = Text(
    fr=(
        "Sert à vous envoyer ce lien et à retrouver ce brouillon sous «\u00a0Mes requêtes\u00a0», rien d’autre. "
        "L’adresse n’est pas ajoutée à votre requête."
    ),
    en=(
        "Used to send you this link and to find this draft again under “My requests”, nothing else. "
        "The address is not added to your request."
    ),
)
MAILS_OF_CALLER, MAILS_OF_DRAFT, MAILS_TO_ADDRESS = 20, 5, 5
MAIL_WINDOW = timedelta(hours=6)
SUBJECT = Text(fr="Votre requête à terminer\u00a0: {kind}", en="Your request to complete: {kind}")
BODY = Text(
    fr=(
        "Vous avez commencé une requête\u00a0: {kind}. Elle n’est pas encore envoyée.\n\n"
        "Ce lien permet de la continuer, sur n’importe quel appareil, jusqu’au {until}. "
        "Toute personne qui a ce lien peut lire ce que vous avez écrit. Ne le transférez pas."
    ),
    en=(
        "You have started a request: {kind}. It has not been sent yet.\n\n"
        "This link lets you continue it, on any device, until {until}. "
        "Anyone who has this link can read what you wrote. Do not forward it."
    ),
)
LABEL = Text(fr="Continuer ma requête", en="Continue my request")
BECAUSE = Text(
    fr=(
        "Quelqu’un a donné cette adresse sur le site de la Ville pour recevoir ce lien. "
        "Si ce n’est pas vous, ignorez ce message\u00a0: rien d’autre ne sera envoyé."
    ),
    en=(
        "Somebody gave this address on the town’s site to receive this link. "
        "If it was not you, ignore this message: nothing else will be sent."
    ),
)


@get(patterns(":apply", "{theme:str}", "{slug:str}", ":later"), name="later")
async def later(here: AtPortal, theme: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """Until when the draft is kept, and the link that opens it anywhere."""
    work = await working(here, here.request_type_at(theme, slug))
    return show_later(work) if work.draft and not work.sent_as else see_other(work.at())


@post(patterns(":apply", "{theme:str}", "{slug:str}", ":later"), name="mail-draft", status_code=200)
async def mail_draft(here: AtPortal, request: AnyRequest, theme: FromPath[str], slug: FromPath[str]) -> Response[Any]:
    """Sends the link to the address given, whose own space lists the draft from then on, where the town has any."""
    work = await working(here, here.request_type_at(theme, slug))
    if work.draft is None or work.sent_as:
        return see_other(work.at())
    sent = await typed(request)
    email = read_value(EMAIL, sent.text("email"), "email", Reading(), {})
    if isinstance(email, Problems):
        return show_later(work, email, sent.text("email"))
    await count_mail(work, str(email))
    if resident_space(here.host, here.town):
        await key_for(here.host, work.draft, same(str(email)))
    await send_link(here.host, here.town, letter_of(work, str(email)), "asked")
    return see_other(work.at(":later", envoye="1"))


async def count_mail(work: FormDraft, email: str) -> None:
    """So that nobody fills somebody else's mailbox from here."""
    limits = (
        (key_of("draft-mail-caller", caller_of(work.here.request)), MAILS_OF_CALLER),
        (key_of("draft-mail", work.holder), MAILS_OF_DRAFT),
        (key_of("draft-mail-to", same(email)), MAILS_TO_ADDRESS),
    )
    allowed = [await take_try(work.here.host.engine, key, most, MAIL_WINDOW) for key, most in limits]
    if not all(allowed):
        raise TooManyRequestsException(SEVERAL)


def letter_of(work: FormDraft, email: str) -> LinkLetter:
    here: Visit = work.here
    return LinkLetter(
        to=email,
        language=here.language,
        subject=SUBJECT.format(kind=work.request_type.title),
        body=BODY.format(kind=work.request_type.title, until=format_date(work.kept_until)),
        label=LABEL,
        link=link_of(work),
        because=BECAUSE,
    )


def link_of(work: FormDraft) -> str:
    here: Visit = work.here
    return town_url(here.host, here.town) + address(here.language, ":draft", work.token)


def show_later(work: FormDraft, problems: Problems | None = None, email: str = "") -> Response[Any]:
    here: Visit = work.here
    furthest = work.open_until()
    return render(
        here.request,
        "drafts/later.html",
        status=422 if problems else 200,
        request_type=work.request_type,
        link=link_of(work),
        kept_until=work.kept_until,
        back=address_of(work, work.steps[furthest], furthest),
        token=work.token,
        action=work.at(":later"),
        let_go=address(here.language, ":draft", work.token),
        can_mail=BY_MAIL.name in channels_of(here.host, here.town),
        field=structs.replace(EMAIL, help=FOUND_AGAIN) if resident_space(here.host, here.town) else EMAIL,
        values={"email": email},
        problems=problems,
        sent=here.request.query_params.get("envoye") == "1",
        headers={"x-robots-tag": "noindex, nofollow"},
        alternates={language: work.at(":later", language=language) for language in here.town.languages},
        keep=False,
    )
