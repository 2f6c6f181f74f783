"""What the API says of requests in many places: shapes of answers that several subjects share."""

from datetime import datetime
from typing import Annotated, Any, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from parvis_sdk.requests import Attachment, FileState, Place, Requester
from parvis_sdk.text import Text

Languages = dict[str, str]
Moment = Annotated[datetime, Meta(tz=True)]
_Shape = TypeVar("_Shape", bound=Struct)


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
    submitted_at: Moment
    updated_at: Moment
    closed_at: Moment | None
    promised_at: Moment | None
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


class ListAnswer(Struct, frozen=True, kw_only=True):
    """What every list answers, with its rows under `items`: the cursor of the page that follows, empty on the last."""

    next_cursor: str = ""


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


def told_as(shape: type[_Shape], noun: Any, **given: Any) -> _Shape:
    """A noun in a shape of the API: what is given, and each other member that the noun has under the same name."""
    same = {name: getattr(noun, name) for name in shape.__struct_fields__ if name not in given and hasattr(noun, name)}
    return shape(**same, **given)


def languages(text: Text) -> Languages:
    """A text by language, without those it lacks."""
    return {code: text.to(code) for code in text.languages()}


def file_shape(file: Attachment) -> FileShape:
    """A file as the API names it."""
    return told_as(FileShape, file, url=f"/api/v1/attachments/{file.id}")
