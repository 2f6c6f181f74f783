"""How a person comes to their request without its link: a link is sent to the contact on file, and nowhere else.

Neither reference nor contact opens anything. The answer is the same in words and in work whatever is right of them.
"""

import re
from typing import Any
from uuid import UUID

import structlog
from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from parvis.i18n import LANGUAGES
from parvis.outbox.addressees import confirm_address
from parvis.people.one_time_links import same, use_link
from parvis.requests.contacts import contact_of, theirs
from parvis.requests.numbers_there import NumberSource
from parvis.requests.persons.link_letters import LinkLetter, by_text
from parvis.requests.records import Record, records_of
from parvis.requests.records import get as record_of_id
from parvis.requests.references import normalise
from parvis.web.addresses import address, in_each, patterns
from parvis.web.entrance import MINUTES, Entrance
from parvis.web.pages import render
from parvis.web.portal.visit import AtPortal, Visit, see_other, visit
from parvis.web.track.keys import proved_cookies
from parvis.web.typed import typed
from parvis_sdk.fields import ShortText
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
log = structlog.get_logger("parvis.track")
LINK = "request"  # the kind of links that open one; stored
ENTRANCE = Entrance(name="track", kind=LINK, steps=(":track",), template="track/link.html")
NOBODY = UUID(int=0)
NO_REFERENCE = "-"  # of no request: looked up where a number is of none, so that both cost the same
MIXED = r"(?=[0-9]*[A-Z])(?=[A-Z]*[0-9])[0-9A-Z]{4}"
OURS = re.compile(rf"(?:{MIXED}-[0-9A-Z]{{4}}|[0-9A-Z]{{4}}-{MIXED})-[0-9A-Z]", re.IGNORECASE)
"""Four, four and one, of which letters and digits are mixed: a reference of ours, as numbers of others never look."""
REFERENCE = ShortText(
    code="reference",
    label=Text(fr="Numéro de référence", en="Reference number"),
    help=Text(fr="Il est sur votre accusé de réception.", en="It is on your receipt."),
    example=Text(fr="7K3M-9QXT-4", en="7K3M-9QXT-4"),
    autocomplete="off",
)
CONTACT = ShortText(
    code="contact",
    label=Text(fr="Votre courriel ou votre téléphone", en="Your email or your phone number"),
    help=Text(fr="Celui que vous avez donné avec la requête.", en="The one you gave with the request."),
    autocomplete="email",
)
MISREAD = Text(
    fr="Ce numéro de référence contient une erreur. Vérifiez chaque caractère.",
    en="This reference number contains an error. Check each character.",
)

SUBJECT = Text(fr="Votre lien vers la requête {reference}", en="Your link to request {reference}")
BODY = Text(
    fr=(
        "Voici le lien qui ouvre votre requête {reference}.\n\n"
        "Il est valide une seule fois, pendant {minutes} minutes. Ne le transférez pas."
    ),
    en=(
        "Here is the link that opens your request {reference}.\n\n"
        "It works once, within {minutes} minutes. Do not forward it."
    ),
)
LABEL = Text(fr="Ouvrir ma requête", en="Open my request")
BECAUSE = Text(
    fr=(
        "Vous recevez ce message parce que ce lien a été demandé pour cette adresse sur le site de la Ville. Si ce "
        "n’est pas vous, ignorez-le\u00a0: rien n’est ouvert sans ce lien."
    ),
    en=(
        "You receive this message because this link was requested for this address on the town’s site. If it was not "
        "you, ignore it: nothing is opened without this link."
    ),
)
BY_TEXT = Text(
    fr="Lien vers votre requête {reference}, valide une fois, pendant {minutes} minutes",
    en="Link to your request {reference}, valid once, for {minutes} minutes",
)


@get(patterns(":track"), name="track")
async def entrance(here: AtPortal, reference: FromQuery[str] = "") -> Response[Any]:
    return show(here, {"reference": reference[:40]})


@post(patterns(":track"), name="track-ask", status_code=200)
async def ask_for_link(here: AtPortal, request: AnyRequest) -> Response[Any]:
    sent = await typed(request)
    values = {"reference": sent.text("reference")[:60], "contact": sent.text("contact")[:254]}
    sources = here.host.modules.heard(NumberSource, here.town)
    problems = _missing(values, is_read=normalise(values["reference"]) is not None or _may_be_old(values, sources))
    if problems:
        return show(here, values, problems)
    await ENTRANCE.count_ask(here)
    await send_link(here, values, await _meant(here, values["reference"], sources))
    return see_other(address(here.language, ":track", envoye="1"))


def _may_be_old(values: dict[str, str], sources: tuple[NumberSource, ...]) -> bool:
    """Whether a number could be of a system before, by its look alone: whether it is one is told to nobody."""
    return bool(sources) and not OURS.fullmatch(values["reference"].strip())


async def _meant(here: Visit, typed: str, sources: tuple[NumberSource, ...]) -> tuple[str, ...]:
    """The reference that a person means, and those of requests that had this number in a system before."""
    before = [each for source in sources for each in await source.find(here.town, typed)]
    return (*filter(None, (normalise(typed),)), *before) or (NO_REFERENCE,)


def _missing(values: dict[str, str], *, is_read: bool) -> tuple[Problem, ...]:
    found = [
        problem("required", field.code, label=field.label)
        for field in (REFERENCE, CONTACT)
        if not values[field.code].strip()
    ]
    if values["reference"].strip() and not is_read:
        found.insert(0, Problem(path="reference", code="reference", message=MISREAD))
    return tuple(found)


async def send_link(here: Visit, values: dict[str, str], meant: tuple[str, ...]) -> None:
    """To the contact on file, when it is the one typed; else nothing, by as much work: the time of the answer is no
    hint."""
    records: list[Record | None] = [each for each in await records_of(meant) if each.jurisdiction == here.town.code]
    for record in records or [None]:
        email, phone, typed_one = await theirs(record.id if record else NOBODY, values["contact"])
        if typed_one:
            break
    # Counted for the request only when the contact is right: what strangers try takes no link from its person.
    about = record.id.hex if record and typed_one else f"{values['reference']}\n{values['contact']}"
    within = await ENTRANCE.has_links_left(here, about)
    texts = by_text(here.contact_methods) is not None and bool(phone)
    to = phone if texts and (typed_one == "phone" or not email) else email
    if record is not None and typed_one and within and to:
        await ENTRANCE.send(here, _letter_of(record, to), record, _filled(BY_TEXT, record) if to == phone else None)
    else:
        await ENTRANCE.send_nowhere(here)


def _letter_of(record: Record, to: str) -> LinkLetter:
    return LinkLetter(
        to=to,
        language=record.language if record.language in LANGUAGES else LANGUAGES[0],
        subject=_filled(SUBJECT, record),
        body=_filled(BODY, record),
        label=LABEL,
        because=BECAUSE,
    )


def _filled(text: Text, record: Record) -> Text:
    return text.format(reference=record.reference, minutes=MINUTES)


def show(here: Visit, values: dict[str, str], problems: tuple[Problem, ...] = ()) -> Response[Any]:
    given = here.request.query_params
    return render(
        here.request,
        "track/entrance.html",
        status=422 if problems else 200,
        fields=(REFERENCE, CONTACT),
        values=values,
        problems=Problems(found=problems) if problems else None,
        sent=given.get("envoye") == "1",
        left=given.get("quitte") == "1",
        over=given.get("lien") == "perime",
        minutes=MINUTES,
        space=here.space_address(),
        texts=by_text(here.contact_methods) is not None,
        alternates=in_each(here.town.languages, ":track"),
        keep=False,
    )


def not_here() -> NotFoundException:
    return NotFoundException("There is no such request, or its link is not whole.")


@get(patterns(":track", ":link", "{token:str}"), name="track-link")
async def link_page(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    return await ENTRANCE.show_link(visit(request), token)


@post(patterns(":track", ":link", "{token:str}"), name="track-open", status_code=200)
async def press_link(here: AtPortal, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Open the request in this browser, once, if the link went to where its person is still reached."""
    await ENTRANCE.count_press(here)
    used = await use_link(here.host.engine, LINK, here.town.code, token)
    record = await record_of_id(here.host, used.request) if used and used.request else None
    contact = await contact_of(record) if record else None
    if used is None or record is None or contact is None or used.sent_to not in (same(contact.email), contact.phone):
        return await ENTRANCE.show_link(here, token, is_used=True)
    await confirm_address(here.host.engine, here.host.secret, used.sent_to)
    log.info("request opened by a link", town=here.town.code)
    return see_other(address(here.language, ":track", record.reference), *proved_cookies(here, record))
