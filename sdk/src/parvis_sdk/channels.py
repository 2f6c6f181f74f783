"""How the town writes to people: a message, and the channel that carries it."""

from typing import Protocol, runtime_checkable

from msgspec import Struct


class OutgoingMessage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message to one person, ready to go. `id` is the same however often it is tried.

    `channel` "email" carries both parts to the address `to`; "sms" carries `text` alone to a number in E.164 form, and
    `subject` only names it to the operator.
    `thread` groups the messages of one request; `stop_url` lets the person stop further ones; `sender` is the name
    that the town signs with.
    """

    id: str = ""
    channel: str = "email"
    to: str
    subject: str
    text: str
    html: str = ""
    language: str
    thread: str = ""
    reply_to: str = ""
    stop_url: str = ""
    reference: str = ""
    sender: str = ""


@runtime_checkable
class Channel(Protocol):
    """A way to reach people, such as e-mail; `name` is what messages ask for.

    Where a plugin or the host has a channel "sms", pages offer to be reached by text message, and nowhere else.

    `send` is called outside any transaction, with a time limit. It returns the other side's receipt (may be empty),
    or raises `Later` or `Refused`, or `Unreachable` where it is the address that was refused. It may be called again
    with the same message id and must then do nothing new where it can know.
    """

    name: str

    async def send(self, message: OutgoingMessage) -> str:
        """Send one message."""
        ...
