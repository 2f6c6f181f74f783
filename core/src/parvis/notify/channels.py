"""The channels `email` and `sms` in their modes: server, gateway, mailbox of a demonstration, developer’s console."""

import re
import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from parvis import clock, http_client
from parvis.notify.settings import Settings
from parvis.notify.smtp import Smtp, as_mime, headers_of
from parvis.outbox import letters
from parvis_sdk import sms_segments
from parvis_sdk.channels import Channel, OutgoingMessage
from parvis_sdk.contact_methods import EMAIL, TEXT_MESSAGE
from parvis_sdk.errors import Later, Refused
from parvis_sdk.text import Text

NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
PLACE = re.compile(r"\{(\w+)\}")
OURS_TO_CURE = {401, 402, 403, 404, 405, 407}  # a wrong secret, address or method, an unpaid bill: no message's fault
AWAY = {408, 425, 429}
MOST_TOLD = 200
UNANSWERED = Text(
    fr="la passerelle de textos n’a pas répondu\u00a0: le texto est peut-être arrivé, il n’est pas envoyé de nouveau",
    en="the text-message gateway did not answer: the message may have arrived, it is not sent again",
)


class Gateway:
    """Gives each text message to the town's gateway; the id of the delivery is its key against doubles."""

    name, contact_method = TEXT_MESSAGE.name, TEXT_MESSAGE

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.repeats = settings.sms_once

    async def send(self, message: OutgoingMessage) -> str:
        """Send one message; `Later` and `Refused` say whose turn it is."""
        settings = self.settings
        if not NUMBER.fullmatch(message.to):
            raise Refused(
                Text(
                    fr="aucun texto ne peut être envoyé à ce numéro",
                    en="the number is not one that a text message can go to",
                )
            )
        values = self._values(message)
        headers = {"idempotency-key": message.id, **filled(settings.sms_headers, values)}
        auth = (settings.sms_user, settings.sms_secret) if settings.sms_user else None
        async with http_client.client(settings.sms_seconds, auth=auth) as client:
            try:
                answer = await http_client.call(
                    client,
                    settings.sms_method,
                    settings.sms_url,
                    headers=headers,
                    **self._body(filled(settings.sms_body, values)),
                )
            except http_client.NoAnswer as error:
                if self.repeats:
                    raise
                raise Refused(UNANSWERED) from error
        return self._receipt(answer)

    def _values(self, message: OutgoingMessage) -> dict[str, str]:
        return {
            "to": message.to,
            "text": as_sent(self.settings, message.text),
            "sender": self.settings.sms_sender,
            "id": message.id,
            "reference": message.reference,
            "secret": self.settings.sms_secret,
        }

    def _body(self, filled_in: Any) -> dict[str, Any]:
        match self.settings.sms_encoding:
            case "json":
                return {"json": filled_in}
            case "form":
                return {"data": filled_in}
            case _:
                return {"params": filled_in}

    def _receipt(self, answer: http_client.Answer) -> str:
        status, said = answer.status, self._told(answer)
        if 200 <= status < 300:
            return _named(answer.body, self.settings.sms_receipt) or f"HTTP {status}"
        if status in AWAY or status >= 500:
            raise Later(
                Text(
                    fr=f"la passerelle de textos demande d’attendre\u00a0: {said}",
                    en=f"the text-message gateway asks to wait: {said}",
                ),
                retry_after=answer.retry_after,
            )
        if status in OURS_TO_CURE or 300 <= status < 400:
            raise Later(
                Text(
                    fr=f"la passerelle de textos ne nous connaît pas, ou son adresse est autre\u00a0: {said}",
                    en=f"the text-message gateway does not know us or its address is another: {said}",
                )
            )
        raise Refused(
            Text(
                fr=f"la passerelle de textos n’accepte pas ce message\u00a0: {said}",
                en=f"the text-message gateway does not take this message: {said}",
            )
        )

    def _told(self, answer: http_client.Answer) -> str:
        """The answer for the operator, without anything that we keep secret."""
        words = answer.body.decode("utf-8", "replace")[:MOST_TOLD]
        secret = self.settings.sms_secret
        words = words.replace(secret, "•••") if secret else words
        return f"{answer.status} {' '.join(words.split())}".strip()


def as_sent(settings: Settings, text: str) -> str:
    """The letters that the town pays for: all of them, or those of the shorter alphabet."""
    return sms_segments.plain(text) if settings.sms_letters == "plain" else text


def filled(template: Any, values: dict[str, str]) -> Any:
    """The template with every `{name}` in its words filled in; what is filled in is never read as a template."""
    if isinstance(template, str):
        return PLACE.sub(lambda found: values.get(found[1], found[0]), template)
    if isinstance(template, dict):
        return {key: filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, values) for value in template]
    return template


def _named(body: bytes, name: str) -> str:
    """What stands under that name in an answer of JSON, as the receipt."""
    if not name:
        return ""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    for part in name.split("."):
        told = told[int(part)] if isinstance(told, list) and part.isdecimal() and int(part) < len(told) else told
        told = told.get(part, "") if isinstance(told, dict) else told
    return str(told)[:MOST_TOLD] if isinstance(told, str | int) else ""


def channels_of(settings: Settings) -> tuple[Channel, ...]:
    """The channels that these settings ask for; text messages only where there is something to carry them."""
    match settings.mode:
        case "mailbox":
            return (Mailbox(settings), TextMailbox(settings))
        case "console":
            return (Console(settings), TextConsole(settings))
        case _:
            return (Smtp(settings), Gateway(settings)) if settings.sms_url else (Smtp(settings),)


class Mailbox:
    """Keeps each message as a letter that the pages of a demonstration show; once, however often it is sent."""

    name, contact_method = EMAIL.name, EMAIL

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def send(self, message: OutgoingMessage) -> str:
        await letters.keep(self.letter(message))
        return receipt_of(message)

    async def send_all(self, messages: Sequence[OutgoingMessage]) -> tuple[str, ...]:
        """The same of several that nobody has tried yet: all of them, or none."""
        await letters.keep_new(*map(self.letter, messages))
        return tuple(map(receipt_of, messages))

    def letter(self, message: OutgoingMessage) -> letters.Letter:
        headers = headers_of(message, sender=self.settings.sender, reply_to=self.settings.reply_to)
        return _letter(self.name, message, {name: str(value) for name, value in headers.items()})


class TextMailbox:
    """Keeps each text message beside the letters, with what it would cost."""

    name, contact_method = TEXT_MESSAGE.name, TEXT_MESSAGE

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def send(self, message: OutgoingMessage) -> str:
        text = as_sent(self.settings, message.text)
        cost = sms_segments.count(text)
        headers = {"Alphabet": cost.alphabet, "Units": str(cost.units), "Parts": str(cost.parts)}
        await letters.keep(_letter(self.name, message, headers, text))
        return receipt_of(message)


def receipt_of(message: OutgoingMessage) -> str:
    """What the mailbox answers."""
    return f"mailbox {message.id}"


def _letter(channel: str, message: OutgoingMessage, headers: dict[str, str], text: str = "") -> letters.Letter:
    return letters.Letter(
        id=message.id,
        channel=channel,
        to=message.to,
        subject=message.subject,
        text=text or message.text,
        html=message.html,
        headers=headers,
        language=message.language,
        reference=message.reference,
        at=clock.now(),
    )


class Console:
    """Writes each message to the terminal."""

    name, contact_method = EMAIL.name, EMAIL

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def send(self, message: OutgoingMessage) -> str:
        mail = as_mime(message, sender=self.settings.sender, reply_to=self.settings.reply_to)
        headers = "\n".join(f"{name}: {value}" for name, value in mail.items())
        return _print(f"{headers}\n\n{message.text}")


class TextConsole:
    """Writes each text message to the terminal."""

    name, contact_method = TEXT_MESSAGE.name, TEXT_MESSAGE

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def send(self, message: OutgoingMessage) -> str:
        return _print(f"To: {message.to}\n\n{as_sent(self.settings, message.text)}")


def _print(said: str) -> str:
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()
    return "console"
