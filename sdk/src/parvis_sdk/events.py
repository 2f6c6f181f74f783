"""What a committed change announces; each event is small and holds no personal data.

An event's `id` is the idempotency key of every handler: the same event may come twice, with the same id.
"""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from parvis_sdk.requests import Urgency
from parvis_sdk.text import Text


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event"):
    """What every event has: its id, the reference it is about, when it happened (UTC), and who did it.

    `actor` is a kind, never a person: "requester", "agent", "system" or the name of a plugin.
    """

    id: str
    reference: str
    at: datetime
    actor: str

    def is_for(self, plugin: str) -> bool:
        """Whether a plugin or a connector of that name may receive it: all events except those for another one only."""
        return True


class Submitted(Event, frozen=True, kw_only=True, omit_defaults=True, tag="submitted"):
    """A request was taken in. Not sent for drafts, nor again when a submission is repeated.

    `children` are the references of the requests into which it was divided, by owner: they carry the work.
    """

    type: str
    state: str
    children: tuple[str, ...] = ()


class Moved(Event, frozen=True, kw_only=True, omit_defaults=True, tag="moved"):
    """A transition was made. `given` are its answers that the requester may be told, `said` the message fields of the
    facts that it established.
    """

    type: str
    transition: str
    source: str
    target: str
    tell: bool = True
    given: dict[str, Any] = {}
    said: dict[str, Text] = {}


class Happened(Event, frozen=True, kw_only=True, omit_defaults=True, tag="happened"):
    """A fact of one of the request's parts has come true (see `parvis_sdk.parts`): a fee is paid, a permit expired.

    `said` holds what may be told of it, by the names that the fact has for messages. `tell` is false where the message
    of the step that brought it about says it already.
    """

    type: str
    fact: str
    said: dict[str, Text] = {}
    tell: bool = True


class Noted(Event, frozen=True, kw_only=True, omit_defaults=True, tag="noted"):
    """An internal note was written. The words stay in the request."""


class Replied(Event, frozen=True, kw_only=True, omit_defaults=True, tag="replied"):
    """The town wrote to the requester; `entry` is the number of the entry that holds the words."""

    entry: int
    words: str = ""


class Rescheduled(Event, frozen=True, kw_only=True, omit_defaults=True, tag="rescheduled"):
    """The town moved the promised date; `entry` is the number of the entry that holds why."""

    entry: int


class Raised(Event, frozen=True, kw_only=True, omit_defaults=True, tag="raised"):
    """A promised date will soon be missed (`step` 1), or is missed and was escalated to management (2 and more).

    `level` is the code of its service level, `due_at` when it falls due. For the people of the town: nothing of it is
    told to the requester. Once for each step; a promise whose date moves begins again.
    """

    level: str
    step: int
    due_at: datetime


class ReceiptWanted(Event, frozen=True, kw_only=True, omit_defaults=True, tag="receipt_wanted"):
    """The requester asked to have the receipt by that channel. Nothing of the request changed."""

    channel: str


class ContactChanged(Event, frozen=True, kw_only=True, omit_defaults=True, tag="contact_changed"):
    """The requester changed their contact method, stopped messages, or allowed them again."""


class FilesReady(Event, frozen=True, kw_only=True, omit_defaults=True, tag="files_ready"):
    """Held files of the request have been scanned: subscribers that need "attachments" receive them from now on."""


class Received(Event, frozen=True, kw_only=True, omit_defaults=True, tag="received"):
    """The requester wrote to the town, or added files or an occurrence; `entry` holds them."""

    entry: int


class Assigned(Event, frozen=True, kw_only=True, omit_defaults=True, tag="assigned"):
    """The request was assigned to a unit, or to a person of it."""

    unit: str


class Amended(Event, frozen=True, kw_only=True, omit_defaults=True, tag="amended"):
    """The type, the place or answers were corrected; `changed` names them."""

    changed: tuple[str, ...]


class Withdrawn(Event, frozen=True, kw_only=True, omit_defaults=True, tag="withdrawn"):
    """The requester withdrew the request. Sent in addition to the `Moved` of the workflow."""


class Followed(Event, frozen=True, kw_only=True, omit_defaults=True, tag="followed"):
    """Another person follows this request."""

    follower: str


class LetIn(Event, frozen=True, kw_only=True, omit_defaults=True, tag="let_in"):
    """A person was given access in a role of their own, and is to be sent their link."""

    party: str


class Announced(Event, frozen=True, kw_only=True, omit_defaults=True, tag="announced"):
    """The town announced something about an incident that concerns this request, to its requester where `requester` is
    true and to those of its followers whose ids are named. No person is named twice for one announcement.

    `incident` is the reference of the incident, `url` its public page in each language. `word` tells this announcement
    from others. A `correction` goes to everybody who was told what it corrects, also to people who unsubscribed since.
    """

    incident: str
    title: Text
    words: Text
    url: Text
    requester: bool = False
    followers: tuple[str, ...] = ()
    word: str = ""
    urgency: Urgency = "normal"
    correction: bool = False


class Joined(Event, frozen=True, kw_only=True, omit_defaults=True, tag="joined"):
    """The request was merged into another report of the same thing, which has since `moved`, or taken apart again.

    `now` is the state of the other request, in public words; `over` says that it has ended. `own` says that both have
    the same requester; `tell` is false if another report of the same requester already tells them.
    """

    did: Literal["joined", "moved", "parted"]
    now: Text
    over: bool = False
    own: bool = False
    tell: bool = True


class OfTask(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The fields of both events of a task: its owner (the name of the plugin or connector), its key and its unit.

    No other subscriber gets it.
    """

    plugin: str
    key: str
    unit: str

    def is_for(self, plugin: str) -> bool:
        return self.plugin == plugin


class TaskDone(OfTask, frozen=True, kw_only=True, omit_defaults=True, tag="task_done"):
    """Somebody of the unit did a task (see `parvis_sdk.tasks`). Who it was, and their note, stay in the request."""


class TaskLate(OfTask, frozen=True, kw_only=True, omit_defaults=True, tag="task_late"):
    """A task is not done after a percentage of its time, as its escalation declares: at 100 it is late."""

    share: int


class Erased(Event, frozen=True, kw_only=True, omit_defaults=True, tag="erased"):
    """Personal data of the request was destroyed; other systems that hold a copy must do the same."""


class Resent(Event, frozen=True, kw_only=True, omit_defaults=True, tag="resent"):
    """An operator asks to update one other system with the current state of the request. Only connectors receive it."""


class MessageDue(Event, frozen=True, kw_only=True, omit_defaults=True, tag="message_due"):
    """A composed message is ready for its channel; the host delivers it only to the channel of that name.

    `even_stopped` is set only by the host: for an answer to somebody who asked for it, even after STOP.
    """

    channel: str
    message: dict[str, Any]
    word: str = ""
    even_stopped: bool = False


AnyEvent = (
    Submitted
    | Moved
    | Happened
    | Noted
    | Replied
    | Rescheduled
    | Raised
    | ReceiptWanted
    | ContactChanged
    | FilesReady
    | Received
    | Assigned
    | Amended
    | Withdrawn
    | Followed
    | LetIn
    | Announced
    | Joined
    | TaskDone
    | TaskLate
    | Erased
    | Resent
    | MessageDue
)
