"""What a request will cost, before it is made: by the tariff of the town today and what has been answered so far."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.jurisdictions.layers import known_of
from parvis_fees.charges import tariff_for
from parvis_sdk.charging import Calculation, backwards, calculate, kept_in_cents, looks_at
from parvis_sdk.conditions import holds
from parvis_sdk.fee_rules import as_measured
from parvis_sdk.fees import Fee
from parvis_sdk.fields import LARGEST_DECLARED, AnyField
from parvis_sdk.measuring import PLACE
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment, Phase, Place
from parvis_sdk.tariff_words import Told, told
from parvis_sdk.tariffs import Tariff

ENDED = (Phase.DECIDED, Phase.CLOSED)


class Estimate(Struct, frozen=True, kw_only=True):
    """One fee as it looks now: the tariff in words, and what the answers come to.

    `missing` are the questions, by code, without whose answers the amount is not known; with any of them it may rise.
    """

    fee: Fee
    tariff: Tariff
    words: tuple[Told, ...]
    calculation: Calculation
    missing: tuple[str, ...]


def estimates(
    town: Jurisdiction, request_type: RequestType, at: datetime, answers: Mapping[str, Any] | None = None
) -> tuple[Estimate, ...]:
    """Every fee that a request of this kind may bring, for answers as the form keeps them; the place is under "place".

    Fees without a tariff in force are left out.
    """
    day, given = local_day(town.calendar, at), answers or {}
    found = []
    for fee in request_type.of(Fee):
        tariff = tariff_for(town, request_type, fee, submitted=day, due=day)
        if tariff is not None:
            found.append(_estimate(request_type, fee, tariff, given))
    return tuple(found)


def is_of_application(request_type: RequestType, fee: Fee) -> bool:
    """Whether the fee may fall due before there is a decision; that of a renewal falls due later, if ever."""
    workflow, due = request_type.workflow, fee.fact("due")
    before = {state.code for state in workflow.states if state.phase not in ENDED}
    moves = (move for move in workflow.transitions if due in workflow.brought_by(move))
    return due in workflow.states[0].brings or any(not before.isdisjoint(move.sources) for move in moves)


def estimates_of_sent(
    town: Jurisdiction,
    request_type: RequestType,
    at: datetime,
    *,
    answers: object,
    place: object,
    files: Mapping[str, Attachment],
) -> tuple[Estimate, ...] | Problems:
    """The same for what was sent of a request, in part or whole; what its form would refuse is refused."""
    where = _where(request_type, place)
    today, here = local_day(town.calendar, at), known_of(town, where if isinstance(where, Place) else None)
    read = request_type.form.read(answers, today=today, attachments=files, complete=False, here=here)
    wrong = read.within("answers").found if isinstance(read, Problems) else ()
    if isinstance(where, Problem):
        return Problems(found=(*wrong, where))
    if isinstance(read, Problems):
        return Problems(found=wrong)
    return estimates(town, request_type, at, as_measured(read.answers, where))


def _where(request_type: RequestType, place: object) -> Place | Problem | None:
    """The place as sent; one that is still empty is none yet."""
    read = request_type.place.read(place) if place is not None and request_type.place.need != "none" else None
    if isinstance(read, Problem):
        is_empty = read.code == "place_missing"
        return None if is_empty else Problem(path="place", code=read.code, message=read.message)
    return read


def _estimate(request_type: RequestType, fee: Fee, tariff: Tariff, answers: Mapping[str, Any]) -> Estimate:
    fields = request_type.form.fields()
    asked = {field.code: field for field in fields}
    calculation = calculate(tariff, answers, kept_in_cents(fields))
    is_absurd = calculation.total > LARGEST_DECLARED
    wrong = looks_at(tariff) if is_absurd else backwards(tariff, answers)
    missing = [code for code in looks_at(tariff) if code in wrong or _is_missing(code, asked, answers)]
    return Estimate(
        fee=fee,
        tariff=tariff,
        words=told(tariff),
        calculation=calculation,
        missing=tuple(missing),
    )


def _is_missing(code: str, asked: Mapping[str, AnyField], answers: Mapping[str, Any]) -> bool:
    """Whether an answer is still to come; a question that these answers do not raise has none."""
    if answers.get(code) not in (None, "", [], {}):
        return False
    field = asked.get(code)
    if field is None:
        return code == PLACE
    return field.show_when is None or holds(field.show_when, answers)
