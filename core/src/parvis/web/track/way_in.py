"""The link that opens one request once, sent to the contact on file when its person asks for it."""

from parvis.db import unit
from parvis.identifiers import new_id
from parvis.outbox import deliveries
from parvis.outbox.addressees import may_write
from parvis.people.own_keys import LINK_LASTS, put_request_link, take_request_link_back
from parvis.requests.heart import Heart
from parvis.requests.links import TRACK, town_url
from parvis.requests.persons.link_letters import LinkLetter, message_of, text_of
from parvis.requests.records import Record
from parvis.territory import Jurisdiction
from parvis_sdk.text import Text

LINK = {"fr": "lien", "en": "link"}
SUBJECT = Text(fr="Votre lien vers la requête {reference}", en="Your link to request {reference}")
BODY = Text(
    fr=(
        "Voici le lien qui ouvre votre requête {reference}.\n\n"
        "Il sert une seule fois, dans les {minutes} minutes. Ne le transférez pas."
    ),
    en=(
        "Here is the link that opens your request {reference}.\n\n"
        "It works once, within {minutes} minutes. Do not forward it."
    ),
)
LABEL = Text(fr="Ouvrir ma requête", en="Open my request")
BECAUSE = Text(
    fr=(
        "Vous recevez ce message parce que le numéro de cette requête et cette adresse ont été donnés sur le site de "
        "la Ville. Si ce n’est pas vous, ignorez-le\u00a0: rien n’est ouvert sans ce lien."
    ),
    en=(
        "You receive this message because the number of this request and this address were given on the town’s site. "
        "If it was not you, ignore it: nothing is opened without this link."
    ),
)
BY_TEXT = Text(
    fr="Lien vers votre requête {reference}, bon une fois, {minutes} minutes",
    en="Link to your request {reference}, good once, {minutes} minutes",
)


async def send_way_in(heart: Heart, town: Jurisdiction, record: Record, to: str, *, by_text: bool) -> None:
    """Make a link and give it to the outbox, to this address or number of the request's person."""
    language = record.language if record.language in TRACK else "fr"
    async with unit(heart.engine):
        if not await may_write(heart.secret, to, "link"):
            return
        token = await put_request_link(town.code, record.id, to, language)
        link = f"{town_url(heart, town)}/{language}/{TRACK[language]}/{LINK[language]}/{token}"
        message = (
            text_of(town, to, language, _filled(BY_TEXT, record), link)
            if by_text
            else message_of(town, _letter(record, to, language, link))
        )
        await deliveries.write_message(message, request=record.id, reference=record.reference)


async def send_way_nowhere(heart: Heart, town: Jurisdiction) -> None:
    """As much work for nobody, so that how long it takes does not tell whether a request and a contact go together."""
    async with unit(heart.engine):
        await may_write(
            heart.secret, new_id().hex, "link"
        )  # no address: one that all share would soon be over its measure
        await take_request_link_back(await put_request_link(town.code, new_id(), "", "fr"))


def _letter(record: Record, to: str, language: str, link: str) -> LinkLetter:
    return LinkLetter(
        to=to,
        language=language,
        subject=_filled(SUBJECT, record),
        body=_filled(BODY, record),
        label=LABEL,
        link=link,
        because=BECAUSE,
    )


def _filled(text: Text, record: Record) -> Text:
    return text.format(reference=record.reference, minutes=str(int(LINK_LASTS.total_seconds() // 60)))
