"""Inspections as the API tells and takes them."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from parvis.api.operations import WORDS, Operation
from parvis.api.said_shapes import Languages


class PointShape(Struct, frozen=True, kw_only=True):
    """One point of a checklist; `finding` is empty until the visit was made. `files` are ids to download."""

    code: str
    title: Languages
    article: Languages
    photo: bool
    finding: str
    note: str
    files: list[str]


class InspectionShape(Struct, frozen=True, kw_only=True):
    """One visit. `version` counts its changes, `results` what was sent of it; the last holds.

    `unit`, `inspector`, `wishes` and `asked` are for the town.
    """

    id: str
    reference: str
    code: str
    title: Languages
    state: str
    former: str | None
    wanted_at: datetime
    day: str
    slot: str
    starts_at: datetime | None
    ends_at: datetime | None
    done_at: datetime | None
    points: list[PointShape]
    words: str
    notice: bool
    due: str
    overdue: bool
    version: int
    results: int
    unit: str | UnsetType = UNSET
    inspector: str | UnsetType = UNSET
    asked: bool | UnsetType = UNSET
    wishes: dict[str, Any] | UnsetType = UNSET


class Inspections(Struct, frozen=True, kw_only=True):
    """Some visits; `more` where there are others behind the last."""

    inspections: list[InspectionShape]
    more: bool = False


class NewPlan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a visit will be made: a day, and `slot` as "morning", "afternoon" or hours ("09:30-11:00")."""

    day: str
    slot: str
    inspector: str = ""
    reason: str = ""
    version: int


class NewCancellation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a planned visit is cancelled; the requester reads it."""

    reason: str
    version: int


class FoundShape(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found at one point; `photos` are files sent before under `upload`."""

    finding: str
    note: str = ""
    photos: list[str] = []


class NewResult(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found at a visit, or with the outcome "missed" why it could not be made.

    `corrects` is the number of results that the caller has seen: 0 for the first.
    """

    outcome: str = "made"
    points: dict[str, FoundShape] = {}
    words: str = ""
    notice: bool = False
    due: str = ""
    made_at: str = ""
    corrects: int = 0
    upload: str = ""


WRITTEN = (400, 403, 404, 409, 410, 415, 422)
OVERWRITTEN = (*WRITTEN, 428)
OPERATIONS_ON_VISITS = (
    Operation(
        method="get",
        path="/requests/{reference}/inspections",
        id="list_inspections_of_request",
        summary="The visits of one request, with what was found at them",
        answer=Inspections,
        key=True,
        errors=(401, 404),
        tag="inspections",
    ),
    Operation(
        method="get",
        path="/inspections",
        id="list_inspections",
        summary="Visits that wait for a day, or those of one day in the order of its round",
        answer=Inspections,
        query={"day": {"type": "string", "format": "date"}, "unit": WORDS, "zone": WORDS, "code": WORDS},
        scope="requests:write",
        errors=(403, 422),
        tag="inspections",
    ),
    Operation(
        method="post",
        path="/inspections/{id}/plan",
        id="plan_inspection",
        summary="Give a visit a day, or another one; the requester is told",
        answer=InspectionShape,
        body=NewPlan,
        scope="requests:write",
        errors=OVERWRITTEN,
        tag="inspections",
    ),
    Operation(
        method="post",
        path="/inspections/{id}/cancellation",
        id="cancel_inspection",
        summary="Take the day of a visit back; the requester is told",
        answer=InspectionShape,
        body=NewCancellation,
        scope="requests:write",
        errors=OVERWRITTEN,
        tag="inspections",
    ),
    Operation(
        method="post",
        path="/inspections/{id}/results",
        id="record_result",
        summary="Keep what was found; a repeated Idempotency-Key keeps it once",
        answer=InspectionShape,
        body=NewResult,
        headers={"Idempotency-Key": WORDS | {"x-required": True}},
        scope="requests:write",
        errors=WRITTEN,
        tag="inspections",
    ),
)
