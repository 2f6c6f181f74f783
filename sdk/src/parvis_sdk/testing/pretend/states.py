"""The state of the parts of one request at the pretend desk: charges, opinions, lists, visits, documents, messages."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct

from parvis_sdk.charging import Calculation
from parvis_sdk.fee_rules import OWED
from parvis_sdk.requests import Owed, Place
from parvis_sdk.review_rules import OPEN
from parvis_sdk.supplement_rules import ListState, MarkedPoint
from parvis_sdk.supplements import Point
from parvis_sdk.text import Text


class Charge(Owed, frozen=True, kw_only=True):
    """One charge of a fee with its calculation; `refund_due` and `refunded` are in cents."""

    calculation: Calculation
    reason: str = ""
    refund_due: int = 0
    refunded: int = 0

    @property
    def amount(self) -> int:
        """The same as `cents`."""
        return self.cents

    @property
    def is_owed(self) -> bool:
        """Whether an amount is still owed."""
        return self.state in OWED


class OpinionTask(Struct, frozen=True, kw_only=True):
    """One opinion asked for: "waiting" for others, "asked", "given", "deemed", "cancelled"; `given` answers its form.

    It is `late` when it came after the others had come to something. That it is slow was pointed out `escalated` times.
    """

    task: str
    state: str = "waiting"
    asked_at: datetime | None = None
    due_at: datetime | None = None
    recommendation: str = ""
    given: dict[str, Any] = {}
    late: bool = False
    rests_on: str = ""
    escalated: int = 0
    given_at: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is still awaited after its due date."""
        return self.state == "asked" and self.due_at is not None and self.due_at < now


class Round(Struct, frozen=True, kw_only=True):
    """One round of a review: "open", "cancelled", or its result."""

    review: str
    state: str = OPEN
    tasks: tuple[OpinionTask, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the round has no result yet."""
        return self.state == OPEN


class SupplementList(Struct, frozen=True, kw_only=True):
    """One list of what is to be corrected or added; `next_at` is when time will next bring something to it."""

    code: str
    points: tuple[MarkedPoint, ...]
    state: ListState = "prepared"
    due_on: str = ""
    asked_at: datetime | None = None
    due_at: datetime | None = None
    next_at: datetime | None = None
    steps_made: int = 0

    @property
    def left(self) -> tuple[Point, ...]:
        """The points that are not answered yet."""
        return tuple(each.point for each in self.points if not each.done)


class Visit(Struct, frozen=True, kw_only=True):
    """One visit; `points` are those to be looked at (all where there are none), `notes` what was not in order."""

    code: str
    state: str = "wanted"
    points: tuple[str, ...] = ()
    notes: dict[str, str] = {}
    day: str = ""
    notice: bool = False
    due: str = ""
    overdue: bool = False


class HeldInDocument(Struct, frozen=True, kw_only=True):
    """A table, a map or pictures of a document: what stands in it, in words; how it looks is the host's.

    Of a table the `columns` and `rows`; of a map the `place`; of pictures the names of the `files`.
    """

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    place: Place | None = None
    files: tuple[str, ...] = ()
    alt: str = ""


class IssuedDocument(Struct, frozen=True, kw_only=True):
    """One document as it would be issued: its number and every word that it says, in the language of its requester.

    `state` is "issued", "replaced" or "revoked", `until` its last day. `shows` holds the answers that it lists, by
    their codes, in words; `unsaid` the names for lack of which a sentence was left out. How it looks is the host's.
    """

    code: str
    kind: str
    title: Text
    number: str
    version: int = 1
    state: str = "issued"
    language: str
    issued_at: datetime
    until: date | None = None
    lead: str = ""
    body: str = ""
    closing: str = ""
    shows: dict[str, str] = {}
    conditions: tuple[str, ...] = ()
    holds: dict[str, HeldInDocument] = {}
    unsaid: tuple[str, ...] = ()


class ToldRequester(Struct, frozen=True, kw_only=True):
    """What the requester is told when `on` happens: a step, a fact or one of the words of `TOLD`, names filled in."""

    on: str
    subject: str
    body: str
