"""What people do about the parts of a request at the pretend desk: pay, give opinions, complete, visit, prove."""

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
    """The calls about parts. Each answers the facts that came true, or why nothing was done, in words of the host."""

    # Fees

    def charges(self, case: Case) -> tuple[Charge, ...]:
        """What the fees of a request came to, oldest first; those that another charge replaced as well."""
        return fees.charges_of(case)

    async def pay(self, case: Case, fee: str) -> Became:
        """Pay the whole of what is owed of a fee."""
        return await self._do(case, lambda here: fees.pay(here, fee))

    async def decline_payment(self, case: Case, fee: str) -> Became:
        """A payment of a fee does not go through."""
        return await self._do(case, lambda here: fees.decline(here, fee), "system")

    async def waive(self, case: Case, fee: str, reason: str) -> Became:
        """Let off what is owed of a fee, for a reason that its requester reads."""
        return await self._do(case, lambda here: fees.waive(here, fee, reason))

    async def refund(self, case: Case, fee: str, cents: int | None = None) -> Became:
        """Give back so much of what was paid: what is to be refunded, or else all of it, where nothing is said."""
        return await self._do(case, lambda here: fees.give_back(here, fee, cents))

    # Opinions

    def opinions(self, case: Case) -> tuple[OpinionTask, ...]:
        """Every opinion that was asked for, of all rounds."""
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
        """Ask for an opinion no longer: the others may thereby have come to something."""
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
        """Mark what is to be corrected, by question the words or as `Point`, and make the move that sends the list."""
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
        """Answer the list that was sent last: corrected answers by question, or a word beside each."""
        supplement = _part(case, Supplement, code)
        sent = SupplementAnswers(raw=answers or {}, words=words or {})
        return await self._do(
            case, lambda here: supplements.answer(here, supplement, sent, attachments or {}), "requester"
        )

    # Inspections

    async def ask_inspection(self, case: Case, code: str) -> Became:
        """As the requester: want a visit."""
        return await self._do(case, lambda here: inspections.ask(here, _part(case, Inspection, code)), "requester")

    async def plan_visit(self, case: Case, code: str, day: date) -> Became:
        """Give the visit that is to be made a day, or another one."""
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
        """Make the visit that is wanted: everything is in order, or what `notes` say of its points is not.

        Without notes all of its points fail. `missed` says why it could not be made.
        """
        part = _part(case, Inspection, code)
        outcome: inspections.Outcome = "missed" if missed else "passed" if passed and not notes else "failed"
        found = notes or ({} if outcome != "failed" else {point.code: "à corriger" for point in part.points})
        more: dict[str, Any] = {"notice": notice, "due": due, "why": missed}
        return await self._do(case, lambda here: inspections.make(here, part, outcome, found, **more))

    # Obligations

    def obligations(self, case: Case, code: str = "") -> tuple[ObligationState, ...]:
        """What was required of the holder, under one code or all of them."""
        return tuple(each for each in case.owed if code in ("", each.code))

    async def prove(
        self,
        case: Case,
        code: str,
        given: Mapping[str, Any],
        *,
        attachments: Mapping[str, Attachment] | None = None,
    ) -> Became:
        """As the holder: send what shows that an obligation was met."""
        owed = _owed(case, code)
        return await self._do(case, lambda here: obligations.prove(here, owed, given, attachments), "requester")

    async def accept_proof(self, case: Case, code: str, words: str = "") -> Became:
        """The town takes the proof, or has seen for itself that it was done."""
        return await self._do(case, lambda here: obligations.accept(here, _owed(case, code), words))

    async def send_back_proof(self, case: Case, code: str, reason: str) -> Became:
        """The proof will not do."""
        return await self._do(case, lambda here: obligations.send_back(here, _owed(case, code), reason))

    async def waive_obligation(self, case: Case, code: str, reason: str) -> Became:
        """The town no longer requires it."""
        return await self._do(case, lambda here: obligations.waive(here, _owed(case, code), reason))

    async def postpone_obligation(self, case: Case, code: str, day: date, reason: str) -> Became:
        """Another day by which it is to be done."""
        return await self._do(case, lambda here: obligations.postpone(here, _owed(case, code), day, reason))

    # Documents

    def documents(self, case: Case) -> tuple[IssuedDocument, ...]:
        """What was issued, oldest first, with every word that it says; the PDF is the host's affair."""
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
