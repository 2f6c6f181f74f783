"""What the API says of what was granted: until when it holds, and what it demands."""

from datetime import date, datetime
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from parvis.api.said_shapes import Languages


class ValidityShape(Struct, frozen=True, kw_only=True):
    """Until when something holds: `last_day` is the last day on which it does, in the town."""

    code: str
    title: Languages
    state: str
    since: datetime
    last_day: date | None
    renewable: bool
    renewable_until: date | None
    renewing_since: datetime | None
    renewals: int
    suspended_until: date | None
    held_over: bool


class ObligationShape(Struct, frozen=True, kw_only=True):
    """Something that the decision demands. `due` is the last day to do it; of what is met, the last of its proof.

    `schema` is a JSON Schema of the answers of its proof, where one may be sent now; `proof` are the answers of the one
    sent last, as far as the caller may see them.
    """

    id: str
    code: str
    title: Languages
    demand: Languages
    state: str
    imposed_at: datetime
    due: date | None
    schema: dict[str, Any] | UnsetType = UNSET
    proof: dict[str, Any] | UnsetType = UNSET


class GrantedShape(Struct, frozen=True, kw_only=True):
    """What was granted on a request, and what it demands of its holder."""

    validities: list[ValidityShape]
    obligations: list[ObligationShape]


class ProofSent(Struct, frozen=True, kw_only=True):
    """The answers of a proof; `upload` is that of the files named in them."""

    answers: dict[str, Any]
    upload: str = ""


class ObligationDecision(Struct, frozen=True, kw_only=True):
    """What the town makes of an obligation: to send back and to waive take a `reason`, to postpone a `day`."""

    deed: Literal["accept", "send_back", "postpone", "waive"]
    version: int
    reason: str = ""
    day: date | None = None


class TransferOffered(Struct, frozen=True, kw_only=True):
    """To whom what was granted is offered; `validity` is its code."""

    validity: str
    name: str
    email: str
    words: str = ""


class DeadlineShape(Struct, frozen=True, kw_only=True):
    """One thing that ends, is owed or waits to be looked at."""

    id: str
    part: str
    code: str
    title: Languages
    state: str
    day: date | None
    reference: str
    type: str
    unit: str


class DeadlineList(Struct, frozen=True, kw_only=True):
    """A page of them, the first due at the top; `next_cursor` is empty on the last."""

    deadlines: list[DeadlineShape]
    total: int
    next_cursor: str
