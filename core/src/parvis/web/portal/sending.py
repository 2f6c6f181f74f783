"""The end of a form: the request taken in once, however often it is sent; or the draft left for later by a link."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath
from msgspec import structs

from parvis.i18n import format_date
from parvis.people.one_time_links import same
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests import drafting
from parvis.requests.contacts import channels_of
from parvis.requests.drafting import key_for
from parvis.requests.history import entries_of
from parvis.requests.intake import take_in, taken_before
from parvis.requests.links import town_url
from parvis.requests.persons.link_letters import LinkLetter, send_link
from parvis.requests.persons.resident_space import resident_space
from parvis.requests.records import find
from parvis.requests.relations.ties import tie_after
from parvis.requests.work.conversation import MOST_WORDS, receive
from parvis.web.addresses import address, patterns
from parvis.web.pages import render
from parvis.web.portal.answering import insistence_of, tell, was_answered
from parvis.web.portal.device import keeps_cookies
from parvis.web.portal.drafting import COMES_AFTER, FormDraft, working
from parvis.web.portal.showing import address_of, show_step
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.track.keys import key_cookies, opened_by
from parvis.web.typed import typed
from parvis_sdk.contact_methods import EMAIL as BY_MAIL
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import Email
from parvis_sdk.problems import Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.text import Text

JOIN = "_join"
SENDINGS = 40
SENDING_WINDOW = timedelta(hours=1)
SEVERAL = "Too many requests came from this address within the hour."


async def send(work: FormDraft, *, join: bool = False) -> Response[Any]:
    """Takes the request in, unless that was done by a press whose answer never came back.

    With `join` answers to questions that are gone from the form go along as a message.
    """
    here: Visit = work.here
    last = len(work.steps) - 1
    receipt = await taken_before(here.host, here.town, once_of(work))
    if receipt is None:
        submission = work.submission()
        if isinstance(submission, Problems):
            return await show_step(work, last, submission)
        if not await take_try(here.host.engine, key_of("portal", caller_of(here.request)), SENDINGS, SENDING_WINDOW):
            raise TooManyRequestsException(SEVERAL)
        receipt = await take_in(
            here.host,
            here.town,
            submission,
            idempotency_key=once_of(work),
            holder=work.holder,
            insistence=insistence_of(work),
        )
    if isinstance(receipt, Problems) and was_answered(receipt):
        await tell(work)
        return see_other(work.at(":answer"), *await work.save())
    if isinstance(receipt, Problems):
        return await show_step(work, last, receipt)
    if join and work.outgrown.gone:
        await join_left_over(work, receipt.reference)
    if isinstance(earlier := work.raw.get(COMES_AFTER), str):
        await tie_after(here.host, receipt.reference, earlier)
    await drafting.sent(here.host, work.token, receipt.reference)
    return await taken_home(work, receipt)


async def join_left_over(work: FormDraft, reference: str) -> None:
    """What was typed for questions that the form no longer asks, told to the town once."""
    here: Visit = work.here
    record = await find(here.host, reference)
    if record is None or any(each.kind == "received" for each in await entries_of(record)):
        return  # told by the press before, whose answer never came back
    files = tuple(id for id in work.outgrown.files if id in work.files)
    words = work.outgrown.words()[:MOST_WORDS]
    await receive(here.host, reference, words, files=files, holder=work.holder, moves=False)


async def to_receipt(work: FormDraft) -> Response[Any]:
    """A form that was sent before, in this tab or another, leads to its receipt; the holder of the draft may see that
    too.
    """
    here: Visit = work.here
    receipt = await taken_before(here.host, here.town, once_of(work))
    if isinstance(receipt, Receipt):
        return await taken_home(work, receipt)
    return see_other(address(here.language, ":track", work.sent_as, ":receipt"))


async def taken_home(work: FormDraft, receipt: Receipt) -> Response[Any]:
    here: Visit = work.here
    if not keeps_cookies(here.request):
        return see_other(work.at(":receipt"))
    where = address(here.language, ":track", receipt.reference, ":receipt")
    opened = await opened_by(here, receipt.reference, receipt.key)
    return see_other(where, *(key_cookies(here, receipt.reference, opened.key) if opened else ()))


async def show_receipt(work: FormDraft) -> Response[Any]:
    """The receipt for a browser that refuses cookies: here, as the pages of the request know people by theirs."""
    here: Visit = work.here
    receipt = await taken_before(here.host, here.town, once_of(work))
    if keeps_cookies(here.request) or not isinstance(receipt, Receipt):
        return await to_receipt(work)
    return render(
        here.request,
        "portal/sent.html",
        receipt=receipt,
        request_type=work.request_type,
        alternates={language: work.at(":receipt", language=language) for language in here.town.languages},
        keep=False,
    )


def once_of(work: FormDraft) -> str:
    return f"draft:{work.holder}"  # the same for each token of the draft


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
        "portal/later.html",
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
