"""The channels `email` and `sms` in their modes: a server, the mailbox of a demonstration, a developer's console."""

import sys

from parvis import clock, sms_segments
from parvis.notify.gateway import Gateway, as_sent
from parvis.notify.mime import as_mime
from parvis.notify.settings import Settings
from parvis.notify.smtp import Smtp
from parvis.outbox import letters
from parvis_sdk.channels import Channel, OutgoingMessage
from parvis_sdk.contact_methods import EMAIL, TEXT_MESSAGE


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
        return await _keep(self.name, message, self.headers(message))

    def headers(self, message: OutgoingMessage) -> dict[str, str]:
        mail = as_mime(message, sender=self.settings.sender, reply_to=self.settings.reply_to)
        return {name: str(value) for name, value in mail.items() if name not in ("MIME-Version", "Content-Type")}


class TextMailbox:
    """Keeps each text message beside the letters, with what it would cost."""

    name, contact_method = TEXT_MESSAGE.name, TEXT_MESSAGE

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def send(self, message: OutgoingMessage) -> str:
        text = as_sent(self.settings, message.text)
        cost = sms_segments.count(text)
        headers = {"Alphabet": cost.alphabet, "Units": str(cost.units), "Parts": str(cost.parts)}
        return await _keep(self.name, message, headers, text)


async def _keep(channel: str, message: OutgoingMessage, headers: dict[str, str], text: str = "") -> str:
    letter = letters.Letter(
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
    await letters.keep(letter)
    return f"mailbox {message.id}"


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
