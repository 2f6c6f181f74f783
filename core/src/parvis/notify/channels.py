"""The channel `email` in its three modes: a mail server, the mailbox of a demonstration, the console of a developer."""

import sys

from parvis import clock
from parvis.notify.mime import as_mime
from parvis.notify.settings import Settings
from parvis.notify.smtp import Smtp
from parvis.outbox import letters
from parvis_sdk.channels import Channel, OutgoingMessage

NAME = "email"


def channel_of(settings: Settings) -> Channel:
    """The channel that these settings ask for."""
    modes: dict[str, type[Smtp | Mailbox | Console]] = {"smtp": Smtp, "mailbox": Mailbox, "console": Console}
    return modes[settings.mode](settings)


class Mailbox:
    """Keeps each message as a letter that the pages of a demonstration show; once, however often it is sent."""

    name = NAME

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def send(self, message: OutgoingMessage) -> str:
        mail = as_mime(message, sender=self.settings.sender, reply_to=self.settings.reply_to)
        letter = letters.Letter(
            id=message.id,
            channel=NAME,
            to=message.to,
            subject=message.subject,
            text=message.text,
            html=message.html,
            headers={name: str(value) for name, value in mail.items() if name not in ("MIME-Version", "Content-Type")},
            language=message.language,
            reference=message.reference,
            at=clock.now(),
        )
        await letters.keep(letter)
        return f"mailbox {message.id}"


class Console:
    """Writes each message to the terminal."""

    name = NAME

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def send(self, message: OutgoingMessage) -> str:
        mail = as_mime(message, sender=self.settings.sender, reply_to=self.settings.reply_to)
        headers = "\n".join(f"{name}: {value}" for name, value in mail.items())
        sys.stdout.write(f"{headers}\n\n{message.text}\n")
        sys.stdout.flush()
        return "console"
