"""What the API says: the shapes of its answers, from which its description is made."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from parvis.api.said_shapes import AnswerGiven, Languages, NoticeShape
from parvis_sdk.requests import FileState, Place, Requester
from parvis_sdk.text import Text


class RequestTypeSummary(Struct, frozen=True, kw_only=True):
    """A kind of request that this town offers. Titles are by language.

    Where words were looked for, `because` are those that led here, and `sure` says that it is more than a guess.
    """

    code: str
    version: int
    title: Languages
    summary: Languages
    theme: str
    theme_title: Languages
    place: str
    identity: list[str]
    url: Languages
    because: list[str] | UnsetType = UNSET
    sure: bool | UnsetType = UNSET


class ServiceLevelShape(Struct, frozen=True, kw_only=True):
    """A promise in time; exactly one delay is above zero."""

    code: str
    title: Languages
    business_days: int
    business_hours: int
    hours: int
    until: str


class RequestTypeDetail(RequestTypeSummary, frozen=True, kw_only=True):
    """The same with everything needed to file one: `schema` is a JSON Schema of `answers`.

    `questions` are answered without a request; `notices` are in force now.
    """

    schema: dict[str, Any]
    place_schema: dict[str, Any] | None
    service_levels: list[ServiceLevelShape]
    states: list[dict[str, Any]]
    questions: list[AnswerGiven]
    notices: list[NoticeShape]


class ReceiptShape(Struct, frozen=True, kw_only=True):
    """What the person takes home; `key` opens the private view and is told this once."""

    reference: str
    key: str
    tracking_url: str
    promised_at: datetime | None


class MoveShape(Struct, frozen=True, kw_only=True):
    """A transition that the caller may make now; `schema` is a JSON Schema of its `answers`."""

    code: str
    title: Languages
    schema: dict[str, Any]


class FileShape(Struct, frozen=True, kw_only=True):
    """A file of a request; it can be read when it is `ready`, and not while it is `held` for the antivirus."""

    id: str
    name: str
    kind: str
    size: int
    state: FileState
    url: str


class RequestShape(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """A request as the caller may see it; members that they may not see are left out.

    `merged_into` is there when it goes on with another report of the same thing: its reference where the caller may
    see that one, else null.
    """

    reference: str
    type: str
    title: Languages
    theme: str
    state: str
    state_title: Languages
    phase: str
    submitted_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    promised_at: datetime | None
    promise: str
    late: bool
    zone: str
    public: bool
    answers: dict[str, Any]
    place: Place | None
    version: int
    language: str | UnsetType = UNSET
    channel: str | UnsetType = UNSET
    identity: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    assignee: str | UnsetType | None = UNSET
    requester: Requester | UnsetType | None = UNSET
    external_references: dict[str, str] | UnsetType = UNSET
    files: list[FileShape] | UnsetType = UNSET
    moves: list[MoveShape] | UnsetType = UNSET
    merged_into: str | UnsetType | None = UNSET


class ListedRequest(Struct, frozen=True, kw_only=True):
    """One line of a list."""

    reference: str
    type: str
    title: Languages
    state: str
    state_title: Languages
    phase: str
    address: str
    lon: float | None
    lat: float | None
    zone: str
    submitted_at: datetime
    updated_at: datetime
    promised_at: datetime | None
    promise: str
    late: bool
    version: int
    unit: str | UnsetType = UNSET
    channel: str | UnsetType = UNSET


class RequestList(Struct, frozen=True, kw_only=True):
    """A page of a list; `next_cursor` is empty on the last. Counting stops at ten thousand: `more` says so."""

    requests: list[ListedRequest]
    total: int
    next_cursor: str
    more: bool = False


class AnswerShape(Struct, frozen=True, kw_only=True):
    """An answer given with a step."""

    code: str
    label: str
    value: Any


class StoryEntry(Struct, frozen=True, kw_only=True):
    """One thing that happened."""

    number: int
    at: datetime
    kind: str
    title: str
    words: str
    answers: list[AnswerShape]
    files: list[FileShape]
    audience: str
    by_requester: bool


class Story(Struct, frozen=True, kw_only=True):
    """What happened, oldest first, as the caller may know it."""

    entries: list[StoryEntry]


class UploadShape(Struct, frozen=True, kw_only=True):
    """A file received and waiting: name its `id` in answers, and send `upload` along with them."""

    id: str
    upload: str
    name: str
    kind: str
    size: int


class DeliveryShape(Struct, frozen=True, kw_only=True):
    """One event on its way to one subscriber. `trouble` is in the language of the call, as `Accept-Language` asks."""

    id: str
    reference: str
    subscriber: str
    event: str
    state: str
    attempts: int
    made_at: datetime
    due_at: datetime
    trouble: str
    external_reference: str


class Deliveries(Struct, frozen=True, kw_only=True):
    """A page of deliveries, newest first; `next_before` is the `before` of the following page."""

    deliveries: list[DeliveryShape]
    next_before: str


class Revived(Struct, frozen=True, kw_only=True):
    """Whether the delivery will be tried again."""

    revived: bool


class ProblemError(Struct, frozen=True, kw_only=True):
    """One thing to correct: where, which kind, and a sentence for the person."""

    path: str
    code: str
    message: str


class ProblemDetails(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[ProblemError] = []
    request_id: str = ""


class PlaceIn(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where: degrees (WGS84), an address, words, or a GeoJSON geometry."""

    lon: float | None = None
    lat: float | None = None
    address: str = ""
    words: str = ""
    geometry: dict[str, Any] | None = None


class RequesterIn(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who asks; `mode` is one that the type offers.

    `preferred_channel` is a contact method: `email`, `sms`, `phone`, `letter`, another that the town's plugins bring,
    or nothing for no preference.
    """

    mode: str
    name: str = ""
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    preferred_channel: str = ""


class NewRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request to file; `answers` follow the schema of the type, `upload` owns the files named in them.

    `insist` files it although a schedule or an operation answers it; with a token it may be a reason, which overrules
    notices too.
    """

    type: str
    answers: dict[str, Any]
    language: str = "fr"
    place: PlaceIn | None = None
    requester: RequesterIn | None = None
    upload: str = ""
    channel: str = "api"
    insist: bool | str = False


class NewMove(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step to make, with the answers it demands and the version the caller has seen."""

    transition: str
    answers: dict[str, Any] = {}
    version: int
    upload: str = ""


class NewMessage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Words to the town (with the key) or to the requester (with a token)."""

    words: str
    files: list[str] = []
    upload: str = ""
    version: int | None = None


class NewNote(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An internal note."""

    words: str
    version: int | None = None


class NewAssignment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The unit that shall have the request; `version` is the one the caller has seen."""

    unit: str
    version: int


class Amendment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to correct; members left out stay as they are. `version` is the one the caller has seen."""

    type: str | None = None
    place: PlaceIn | None = None
    answers: dict[str, Any] | None = None
    version: int


class NewOccurrence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """It happened again; `answers` follow the form of occurrences of the type."""

    answers: dict[str, Any]
    upload: str = ""


class NewContact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another way to reach the person, `preferred_channel` as for a new request; `version` is the one the caller has
    seen."""

    name: str = ""
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    preferred_channel: str = ""
    language: str = ""
    version: int


class MessagesWanted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether the requester wants to be told of the steps."""

    wanted: bool


class NewFollower(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who wants to be told; a link to confirm is sent to the address."""

    email: str
    language: str = "fr"


def languages(text: Text) -> Languages:
    """A text by language, without those it lacks."""
    return {code: text.to(code) for code in text.languages()}
