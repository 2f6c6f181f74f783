"""What a plugin may know about one service request: requester, place, answers and state."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct, structs

from parvis_sdk.contact_methods import ContactMethod, methods_here
from parvis_sdk.fields import AnyField
from parvis_sdk.text import Text

Channel = Literal["portal", "phone", "counter", "email", "sms", "mail", "api", "open311"]
IdentityMode = Literal["named", "confidential", "anonymous"]
Urgency = Literal["normal", "emergency"]
FileState = Literal["ready", "held", "infected"]


class Phase(StrEnum):
    """The same five words for every workflow: what a resident's progress line shows."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_YOU = "waiting_for_you"
    DECIDED = "decided"
    CLOSED = "closed"


class Place(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where: WGS84 degrees, an address of one line, words as a last resort, GeoJSON for lines and polygons.

    `assets` holds the codes of the town's own things that were pointed at, of the layer that the type's rule names.
    """

    lon: float | None = None
    lat: float | None = None
    address: str = ""
    words: str = ""
    geometry: dict[str, Any] | None = None
    assets: tuple[str, ...] = ()

    def as_answer(self) -> dict[str, Any]:
        """The place as JSON, without what is empty."""
        return {key: value for key, value in structs.asdict(self).items() if value not in (None, "", ())}


class Requester(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The person asking. An anonymous one has no name; `phone` is in E.164 form.

    `postal_address` holds the lines that stand below the name on an envelope; it is not the place of the request.
    `preferred_channel` names the contact method that they chose: "email", "sms", "phone", "letter", one that a plugin
    brings, or "" without a preference.
    """

    mode: IdentityMode = "named"
    name: str = ""
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    preferred_channel: str = ""


class Attachment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that came with a request. `kind` is its media type found from its content; `size` is in bytes.

    A file that is "held" waits for the antivirus, and nobody gets its content before; one that is "infected" is gone.
    """

    id: str
    name: str
    kind: str
    size: int
    digest: str = ""
    state: FileState = "ready"


class Follower(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who asked to be told about a request that another person made.

    `confirm_url` is there until they have confirmed; until then they are told nothing but that link.
    """

    id: str
    email: str
    language: str
    stop_url: str = ""
    confirm_url: str = ""


class Town(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The jurisdiction as a message or a document may name it; `channels` are the ways in which it can write out;
    `declared_methods` is what plugins say of theirs."""

    code: str
    name: Text
    phone: str = ""
    email: str = ""
    url: str = ""
    time_zone: str = "America/Toronto"
    channels: tuple[str, ...] = ()
    declared_methods: tuple[ContactMethod, ...] = ()

    @property
    def contact_methods(self) -> tuple[ContactMethod, ...]:
        """The contact methods that this town has, in the order of forms."""
        return methods_here(self.channels, self.declared_methods)


class Involved(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody let into a request: their role, how to write to them, their own link, what they may do, and whether
    they are told of its steps. `unconfirmed` as of a `ServiceRequest`."""

    id: str
    role: Text
    name: str
    email: str
    language: str
    url: str
    may: tuple[str, ...] = ()
    told: bool = True
    unconfirmed: bool = False


class OwedItem(Struct, frozen=True, kw_only=True):
    """One line of a charge: what it is for, and how much, in cents. The lines add up to the charge."""

    code: str
    title: Text
    cents: int


class Owed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a fee of a request came to. `state` is "due", "pending", "failed", "paid", "waived", "refunded" or
    "replaced"; the id stays the same, and is what other systems know the charge by."""

    id: str
    fee: str
    title: Text
    state: str
    cents: int
    currency: str = "CAD"
    items: tuple[OwedItem, ...] = ()


class ServiceRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request of one resident, as a handler sees it.

    `requester` and `followers` are there only when the subscription states the need ("contact", "followers");
    `parties` come with "contact": those let into the request who are told of its steps;
    `answers` holds personal answers only under the need "personal". `tracking_url` (need "contact") opens the
    requester's private view for good, `view_url` opens it from a message to their address, for a time, and `stop_url`
    the page where they stop further messages, which `stopped` says they did;
    `mail_returns` (same need) says that their mail address receives nothing, `unconfirmed` that nobody has shown yet
    that the address is theirs: no word that a stranger may have typed belongs in a message to it;
    `asks` is the question of this step: whether the matter is settled, or whether what another body sees to is still
    there; `settled_url` is there while the requester is asked: the page with that question;
    `short_url` is `view_url` in few characters, for text messages, and `short_stop_url` the page that stops them;
    `words` (same need) are those that the town wrote, beside the events `Replied` and `Rescheduled`.
    `opened_by` is "town" for what the town itself declares (an operation): those who follow are told its own texts.
    `texts` holds what the town says when something happens, by its name ("submitted", "replied", "withdrawn",
    "rescheduled", "retyped" or the code of a transition): subject and body, with `{names}` to fill in. `questions`
    holds the question of each answer by its code, and of each answer to a transition by "<transition>.<code>".
    `external_references` holds the number that another system gave, by the name of the plugin or connector that brought
    it; `remembered` what the one that asks wished to have kept about this request. `charges` are there under the need
    "fees". `goes_on_with` is the reference of the request into which it is merged, the last of them where that was
    merged as well; its phase is closed as long as it does. Times are aware and in UTC.
    """

    reference: str
    type: str
    type_title: Text
    jurisdiction: Town
    language: str
    channel: str
    state: str
    state_title: Text | None = None
    phase: Phase
    submitted_at: datetime
    promised_at: datetime | None = None
    unit: str = ""
    place: Place | None = None
    answers: dict[str, Any] = {}
    requester: Requester | None = None
    followers: tuple[Follower, ...] = ()
    parties: tuple[Involved, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    charges: tuple[Owed, ...] = ()
    external_references: dict[str, str] = {}
    remembered: dict[str, Any] = {}
    goes_on_with: str = ""
    tracking_url: str = ""
    public_url: str = ""
    view_url: str = ""
    stop_url: str = ""
    short_url: str = ""
    short_stop_url: str = ""
    opened_by: Literal["anyone", "town"] = "anyone"
    settled_url: str = ""
    asks: Literal["", "settled", "still_there"] = ""
    mail_returns: bool = False
    unconfirmed: bool = False
    stopped: bool = False
    words: str = ""
    texts: dict[str, tuple[Text, Text]] = {}
    questions: dict[str, AnyField] = {}
