"""Messages that carry a private link and belong to no request: what it opens, why it was sent, and nothing else."""

from collections.abc import Iterable

from markupsafe import Markup
from msgspec import Struct

from parvis.db import transaction
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.outbox import deliveries
from parvis.outbox.addressees import Sort, may_write
from parvis.requests.host import Host
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.contact_methods import ContactMethod
from parvis_sdk.text import Text

COLON = Text(fr="\u00a0: ", en=": ")
GREETING = Text(fr="Bonjour,", en="Hello,")


class LinkLetter(Struct, frozen=True, kw_only=True):
    """Who asked for a link and what is said around it; `because` tells why this address is written to."""

    to: str
    language: str
    subject: Text
    body: Text
    label: Text
    because: Text
    link: str = ""  # given when it is made


async def send_link(host: Host, town: Jurisdiction, letter: LinkLetter, sort: Sort = "link") -> None:
    """Give the letter to the outbox, unless too many went to that address today; its text goes as soon as it was
    sent."""
    async with transaction(host.engine):
        if not await may_write(host.secret, letter.to, sort):
            return
        await deliveries.write_message(message_of(town, letter), request=new_id(), reference="")


def message_of(town: Jurisdiction, letter: LinkLetter) -> OutgoingMessage:
    language = letter.language
    greeting, body, because = (text.to(language) for text in (GREETING, letter.body, letter.because))
    name = town.name.to(language)
    signature = " | ".join(one for one in (name, town.phone) if one)
    paragraphs = [*body.split("\n\n"), f"{letter.label.to(language)}\n{letter.link}"]
    return OutgoingMessage(
        to=letter.to,
        subject=letter.subject.to(language),
        text="\n\n".join([greeting, *paragraphs, f"-- \n{signature}", because]) + "\n",
        html=str(html_of(letter, (greeting, *body.split("\n\n")), signature, because)),
        language=language,
        reply_to=town.email,
        sender=name,
    )


def by_text(methods: Iterable[ContactMethod]) -> ContactMethod | None:
    """The contact method that carries a private link to a telephone number, where the town has one."""
    return next((each for each in methods if each.links and each.form == "brief" and each.needs == "phone"), None)


def text_of(town: Jurisdiction, by: ContactMethod, to: str, language: str, said: Text, link: str) -> OutgoingMessage:
    """The same in brief, as a text message: the sender, the purpose of the link, the link."""
    name = town.name.to(language)
    words = f"{name}. {said.to(language)}{COLON.to(language)}{link}"
    return OutgoingMessage(channel=by.name, to=to, subject=name, text=words, language=language, sender=name)


def html_of(letter: LinkLetter, words: tuple[str, ...], signature: str, because: str) -> str:
    """The same as a page that any mail program shows; every word escaped."""
    lines = Markup("").join(Markup('<p style="margin:0 0 16px">{}</p>').format(one) for one in words)
    return Markup(
        '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{subject}</title></head>'
        '<body style="margin:0;padding:24px;font:16px/1.5 Arial,sans-serif;color:#14181d;max-width:36em">{lines}'
        '<p style="margin:0 0 24px"><a href="{link}" style="color:#1d4f91;font-weight:bold">{label}</a></p>'
        '<p style="margin:0 0 16px;color:#4a525c">{signature}</p>'
        '<p style="margin:0;font-size:14px;color:#4a525c">{because}</p></body></html>'
    ).format(
        language=letter.language,
        subject=letter.subject.to(letter.language),
        lines=lines,
        link=letter.link,
        label=letter.label.to(letter.language),
        signature=signature,
        because=because,
    )
