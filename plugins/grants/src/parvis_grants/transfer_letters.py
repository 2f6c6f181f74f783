"""What is written to both parties of a transfer: the offer with its private link, and that it is done."""

from parvis.outbox import deliveries
from parvis.outbox.addressees import confirmed_among
from parvis.requests.changing import Situation
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.persons.link_letters import LinkLetter, message_of
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity

PAGE = {"fr": "transfert", "en": "transfer"}
OFFERED = Text(fr="{title}\u00a0: offre de transfert", en="{title}: transfer offer")
OFFER = Text(
    fr="La personne qui détient «\u00a0{title}\u00a0» ({about}) veut vous le transférer. Vous avez jusqu’au "
    "{answer_by} pour accepter ou refuser.",
    en="The holder of “{title}” ({about}) wants to transfer it to you. You have until {answer_by} to "
    "accept or decline.",
)
LOOK = Text(fr="Répondre à l’offre", en="Answer the offer")
NAMED = Text(
    fr="Vous recevez ce message parce que cette personne a donné votre adresse à la Ville. Ne transférez pas ce lien.",
    en="You receive this message because this person gave your address to the town. Do not forward this link.",
)
DONE = Text(fr="{title}\u00a0: le transfert est fait", en="{title}: transfer completed")
GONE = Text(
    fr="«\u00a0{title}\u00a0» ({about}) est maintenant au nom de la personne que vous aviez désignée. "
    "Votre lien privé vers ce dossier ne fonctionne plus.",
    en="“{title}” ({about}) is now in the name of the person you chose. Your private link to this file no "
    "longer works.",
)
HOME = Text(fr="Services de la Ville", en="Town services")
HELD = Text(
    fr="Vous recevez ce message parce que ce dossier était à votre nom.",
    en="You receive this message because this file was in your name.",
)


async def tell_new(
    host: Host, here: Situation, validity: Validity, to: str, words: str, token: str, answer_by: Text
) -> None:
    """In a transaction: the offer. Who makes it has their words in the letter once the address was confirmed, else on
    the page alone: what a stranger types is not what the town writes to an address that was only named to it."""
    language = _language(here)
    is_confirmed = bool(await confirmed_among(host.secret, (to,)))
    about = _about(here) if is_confirmed else here.record.reference
    body = OFFER.format(title=validity.title, about=about, answer_by=answer_by)
    if words and is_confirmed:
        body = body.each(lambda said, _: f"{said}\n\n{words}")
    link = f"{town_url(host, here.town)}/{language}/{PAGE[language]}/{token}"
    await _send(here, to, OFFERED.format(title=validity.title), body, LOOK, link, NAMED)


async def tell_former(host: Host, here: Situation, validity: Validity, former: Requester | None) -> None:
    """Inside a transaction: that the file is theirs no more."""
    if former is None or not former.email:
        return
    body = GONE.format(title=validity.title, about=_about(here))
    link = f"{town_url(host, here.town)}/{_language(here)}/"
    await _send(here, former.email, DONE.format(title=validity.title), body, HOME, link, HELD)


def _language(here: Situation) -> str:
    return here.record.language if here.record.language in PAGE else "fr"


def _about(here: Situation) -> str:
    place = here.record.place.address if here.record.place else ""
    return ", ".join(part for part in (here.record.reference, place) if part)


async def _send(here: Situation, to: str, subject: Text, body: Text, label: Text, link: str, because: Text) -> None:
    letter = LinkLetter(
        to=to, language=_language(here), subject=subject, body=body, label=label, link=link, because=because
    )
    message = message_of(here.town, letter)
    await deliveries.write_message(message, request=here.record.id, reference=here.record.reference)
