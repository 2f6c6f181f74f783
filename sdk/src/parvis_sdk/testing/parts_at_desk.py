"""Actions of people on the parts of a request at the pretend desk: payments, opinions, supplements, visits, proofs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from parvis_sdk.inspections import Inspection
from parvis_sdk.obligation_rules import ObligationState
from parvis_sdk.obligations import Obligation
from parvis_sdk.parts import Part
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Attachment
from parvis_sdk.supplement_answers import SupplementAnswers
from parvis_sdk.supplements import Point, Supplement
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.life import Life
from parvis_sdk.testing.pretend import fees, inspections, obligations, reviews, supplements
from parvis_sdk.testing.pretend.situations import Effects, Situation
from parvis_sdk.testing.pretend.states import Charge, IssuedDocument, OpinionTask
from parvis_sdk.workflow import Denied, Mover
from parvis_sdk.workflow import Moved as Made

Noun = TypeVar("Noun", bound=Part)
Became = tuple[str, ...] | Denied | Problems
"""The facts that came true, in order; or why nothing was done."""


class PartsAtDesk(Life):
    """The calls about parts. Each returns the facts that became true, or the host's reason why nothing was done."""

    # Fees

    def charges(self, case: Case) -> tuple[Charge, ...]:
        """The charges of a request, oldest first, including replaced ones."""
        return fees.charges_of(case)

    async def pay(self, case: Case, fee: str) -> Became:
        """Pays everything that is owed of a fee."""
        return await self._do(case, lambda here: fees.pay(here, fee))

    async def decline_payment(self, case: Case, fee: str) -> Became:
        """Lets a payment of a fee fail."""
        return await self._do(case, lambda here: fees.decline(here, fee), "system")

    async def waive(self, case: Case, fee: str, reason: str) -> Became:
        """Waives what is owed of a fee, with a reason for the requester."""
        return await self._do(case, lambda here: fees.waive(here, fee, reason))

    async def refund(self, case: Case, fee: str, cents: int | None = None) -> Became:
        """Refunds an amount in cents; by default what is due for refund, or else everything that was paid."""
        return await self._do(case, lambda here: fees.give_back(here, fee, cents))

    # Opinions

    def opinions(self, case: Case) -> tuple[OpinionTask, ...]:
        """Every opinion that was requested, in all rounds."""
        return tuple(task for round in case.rounds for task in round.tasks)

    async def give_opinion(
        self,
        case: Case,
        task: str,
        recommendation: str = "favourable",
        *,
        attachments: Mapping[str, Attachment] | None = None,
        **answers: Any,
    ) -> Became:
        """Give the opinion on a task, or correct it: `conditions`, `words`, and what the task itself asks."""
        raw = {"recommendation": recommendation, **answers}
        return await self._do(case, lambda here: reviews.give(here, task, raw, attachments))

    async def drop_opinion(self, case: Case, task: str) -> Became:
        """Cancels an opinion; the remaining ones may then have an overall result."""
        return await self._do(case, lambda here: reviews.drop(here, task))

    # Supplements

    async def ask_supplement(
        self,
        case: Case,
        points: Sequence[Point] | Mapping[str, str],
        *,
        code: str = "",
        due_on: str = "",
        given: Mapping[str, Any] | None = None,
        by: Mover = "agent",
    ) -> Made | Denied | Problems:
        """Marks what to correct, by question as text or `Point`, and makes the transition that sends the list."""
        supplement = _part(case, Supplement, code)
        marked = [*_points(points)]
        if wrong := supplements.prepare(self._here(case), supplement, marked, due_on):
            return wrong
        transition = supplements.asking(case, supplement.code)
        assert transition is not None, f"nothing asks for {supplement.code!r} from {case.state!r}"
        made = await self.move(case, transition.code, given, by=by)
        if not isinstance(made, Made):
            supplements.unprepare(case, supplement.code)
        return made

    async def answer_supplement(
        self,
        case: Case,
        answers: Mapping[str, Any] | None = None,
        *,
        code: str = "",
        words: Mapping[str, str] | None = None,
        attachments: Mapping[str, Attachment] | None = None,
    ) -> Became:
        """Answers the latest list: corrected answers by question, or a text for each."""
        supplement = _part(case, Supplement, code)
        sent = SupplementAnswers(raw=answers or {}, words=words or {})
        return await self._do(
            case, lambda here: supplements.answer(here, supplement, sent, attachments or {}), "requester"
        )

    # Inspections

    async def ask_inspection(self, case: Case, code: str) -> Became:
        """Requests a visit, as the requester."""
        return await self._do(case, lambda here: inspections.ask(here, _part(case, Inspection, code)), "requester")

    async def plan_visit(self, case: Case, code: str, day: date) -> Became:
        """Plans the open visit, or changes its day."""
        return await self._do(case, lambda here: inspections.plan(here, _part(case, Inspection, code), day))

    async def inspect(
        self,
        case: Case,
        code: str,
        *,
        passed: bool = True,
        notes: Mapping[str, str] | None = None,
        notice: bool = False,
        due: str = "",
        missed: str = "",
    ) -> Became:
        """Makes the open visit: all points pass, except those with `notes`.

        Without notes all of its points fail. `missed` says why it could not be made.
        """
        part = _part(case, Inspection, code)
        outcome: inspections.Outcome = "missed" if missed else "passed" if passed and not notes else "failed"
        found = notes or ({} if outcome != "failed" else {point.code: "à corriger" for point in part.points})
        more: dict[str, Any] = {"notice": notice, "due": due, "why": missed}
        return await self._do(case, lambda here: inspections.make(here, part, outcome, found, **more))

    # Obligations

    def obligations(self, case: Case, code: str = "") -> tuple[ObligationState, ...]:
        """The obligations of the holder, for one code or all."""
        return tuple(each for each in case.owed if code in ("", each.code))

    async def prove(
        self,
        case: Case,
        code: str,
        given: Mapping[str, Any],
        *,
        attachments: Mapping[str, Attachment] | None = None,
    ) -> Became:
        """Sends the proof of an obligation, as the holder."""
        owed = _owed(case, code)
        return await self._do(case, lambda here: obligations.prove(here, owed, given, attachments), "requester")

    async def accept_proof(self, case: Case, code: str, words: str = "") -> Became:
        """Accepts the proof, or records that the town saw that it was done."""
        return await self._do(case, lambda here: obligations.accept(here, _owed(case, code), words))

    async def send_back_proof(self, case: Case, code: str, reason: str) -> Became:
        """Sends the proof back."""
        return await self._do(case, lambda here: obligations.send_back(here, _owed(case, code), reason))

    async def waive_obligation(self, case: Case, code: str, reason: str) -> Became:
        """Waives the obligation."""
        return await self._do(case, lambda here: obligations.waive(here, _owed(case, code), reason))

    async def postpone_obligation(self, case: Case, code: str, day: date, reason: str) -> Became:
        """Sets another due date."""
        return await self._do(case, lambda here: obligations.postpone(here, _owed(case, code), day, reason))

    # Documents

    def documents(self, case: Case) -> tuple[IssuedDocument, ...]:
        """The issued documents, oldest first, with all their text; only the host makes the PDF."""
        return tuple(case.documents)

    async def _do(
        self, case: Case, deed: Callable[[Situation], Effects | Denied | Problems], actor: str = "agent"
    ) -> Became:
        before = len(self.events)
        done = deed(self._here(case))
        if not isinstance(done, Effects):
            return done
        self._come_true(case, done, actor)
        self._come_true(case, reviews.join(self._here(case)), "system")
        facts = tuple(fact for event in self.events[before:] if (fact := getattr(event, "fact", "")))
        await self._tell_all()
        return facts


def _part(case: Case, noun: type[Noun], code: str) -> Noun:
    """The part of that code, or the only one of its kind."""
    found = [each for each in case.request_type.of(noun) if code in ("", each.code)]
    assert len(found) == 1, f"{case.request_type.code} has {len(found)} parts {noun.part}.{code or '*'}"
    return found[0]


def _points(points: Sequence[Point] | Mapping[str, str]) -> Sequence[Point]:
    if isinstance(points, Mapping):
        return [Point(field=field, words=words) for field, words in points.items()]
    return points


def _owed(case: Case, code: str) -> ObligationState:
    """The obligation of that code that may still change; else the last one."""
    assert any(each.code == code for each in case.request_type.of(Obligation)), f"there is no obligation {code!r}"
    under = [each for each in case.owed if each.code == code]
    assert under, f"obligation {code!r} was not imposed"
    return next((each for each in under if each.is_live), under[-1])
