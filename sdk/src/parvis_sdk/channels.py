"""How the town writes to people: a message, and the channel that carries it."""

from typing import Literal, Protocol, runtime_checkable

from msgspec import Struct

from parvis_sdk.requests import Urgency
from parvis_sdk.text import Text


class Otherwise(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The text of a message for another contact method, should its channel not deliver it.

    `about` and `say` are what a person of the town says by telephone or writes in a letter, in both languages; `brief`
    is the same as a text message in the person's language, empty where no text message can reach them.
    """

    about: Text
    say: Text = Text(fr="")
    brief: str = ""


class OutgoingMessage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message to one person, ready to go. `id` is the same however often it is tried.

    `to` is the address that the contact method of its channel needs: an e-mail, a telephone number in E.164 form, a
    postal address, or nothing. A "full" message has both parts; one that is "brief" or "spoken" has `text` alone, and
    `subject` only names it to the operator.
    `thread` groups the messages of one request; `stop_url` lets the person stop further ones; `sender` is the name
    that the town signs with.

    `recipient` says who that person is to the request: its requester, who is told by the next way that reaches them
    when the channel does not deliver the message (see `ContactMethod.next`), with the text of
    `otherwise` and the same `urgency`; or somebody who has but this address.
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
    recipient: Literal["requester", "follower", "party", ""] = ""
    urgency: Urgency = "normal"
    otherwise: Otherwise | None = None


@runtime_checkable
class Channel(Protocol):
    """A way to reach people, such as e-mail; `name` is what messages ask for.

    One that has a `contact_method` of the same name (see `parvis_sdk.contact_methods`) is offered on forms, told and
    counted in the towns of its plugin. Without one it carries what plugins give it, or the name is that of a
    built-in method, which then says it.

    `send` is called outside any transaction, with a time limit. It returns the other side's receipt (may be empty),
    or raises `Later` or `Refused`, or `Unreachable` where it is the address that was refused. It may be called again
    with the same message id and must then do nothing new where it can know. A channel that cannot know says
    `repeats = False`: a try whose end nobody knows, as when its process was killed, is then not made again, and the
    person is told by the next way.
    """

    name: str

    async def send(self, message: OutgoingMessage) -> str:
        """Send one message."""
        ...
