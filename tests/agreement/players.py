"""The same script played twice: at the pretend desk of the sdk and on a real host; each step is compared."""

import re
from collections.abc import Sequence
from datetime import timedelta
from difflib import unified_diff
from pprint import pformat
from typing import Any

import msgspec

from parvis.clock import moved_to
from parvis.db.tables import Delivery
from parvis.requests.actors import REQUESTER, SYSTEM, Actor
from parvis.requests.chores import run_timers
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.parts.together import standing_facts
from parvis.requests.records import Record, find
from parvis.requests.request_service import RequestService
from parvis_documents.issued import issued_of
from parvis_fees.at_the_desk import give_back, take_at_counter, waive
from parvis_fees.charges import charges_of
from parvis_grants import proving
from parvis_grants.expiring import expire
from parvis_grants.obligations import obligations_of
from parvis_grants.waking import wake_obligations
from parvis_inspections import inspecting
from parvis_inspections.inspected import record_result
from parvis_inspections.inspections_due import mark_overdue
from parvis_inspections.visit_results import read_result
from parvis_inspections.visits import Wishes, visits_of
from parvis_reviews.opinions import OpinionSubmission, give_opinion
from parvis_reviews.opinions_due import remind_reviewers
from parvis_reviews.review_tasks import tasks_of
from parvis_sdk.events import AnyEvent, Event, Happened
from parvis_sdk.fee_rules import NOT_OWED, latest
from parvis_sdk.fees import Fee
from parvis_sdk.inspection_rules import FIRST, NOT_OPEN, lacking
from parvis_sdk.inspections import Inspection
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.supplement_answers import SupplementAnswers
from parvis_sdk.supplements import Point
from parvis_sdk.testing import Desk
from parvis_sdk.testing.town import MORNING
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied
from parvis_supplements.completing import answer
from parvis_supplements.marking import ask, asking
from parvis_supplements.reminding import remind

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
ACTORS = {"agent": ANA, "manager": ANA, "requester": REQUESTER, "system": SYSTEM}
REQUESTED = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}
HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
ALIKE = ("event", "at", "actor", "transition", "source", "target", "fact", "changed", "tell", "given")
OPEN = timedelta(hours=10)  # from the morning in which the desk counts to the hour at which a town closes
OF_THE_HOST = {"document_link"}  # said with an address of the host


def came_to(answer: Any) -> Any:
    """What a step came to, as both players say it: the sentence that refuses, what is wrong, or that it was done."""
    if isinstance(answer, Denied):
        return answer.code, answer.reason
    if isinstance(answer, Problems):
        return sorted((each.path, each.code) for each in answer.found)
    return "done"


class Kit:
    """One request at the pretend desk."""

    def __init__(self, request_type: RequestType) -> None:
        self.desk = Desk(types=[request_type])
        self.type = request_type

    async def submit(self, **answers: Any) -> None:
        raw = raw_of(self.type, answers)
        self.case = await self.desk.submit(self.type.code, raw)
        assert not isinstance(self.case, Problems), self.case

    async def play(self, deed: str, *given: Any, **named: Any) -> Any:
        return came_to(await getattr(self.desk, deed)(self.case, *given, **named))

    async def stands(self) -> dict[str, Any]:
        case = self.case
        return {
            "state": case.state,
            "facts": sorted(self.desk.facts(case)),
            "answers": case.submission.answers,
            "charges": [(each.fee, each.state, each.cents, each.refunded) for each in self.desk.charges(case)],
            "documents": [(each.number, each.version, each.state) for each in case.documents],
            **told_apart(self.desk.events),
        }


class OnHost:
    """The same request on a real host, whose clock stands where that of the kit does."""

    def __init__(self, host: Host, request_type: RequestType) -> None:
        self.host, self.type = host, request_type
        self.now = MORNING

    async def submit(self, **answers: Any) -> None:
        with moved_to(self.now):
            receipt = await RequestService(self.host).submit(
                "parvis", self.type.code, raw_of(self.type, answers), channel="portal"
            )
        assert not isinstance(receipt, Problems), receipt
        self.reference = receipt.reference

    async def record(self) -> Record:
        found = await find(self.host, self.reference)
        assert found is not None
        return found

    async def play(self, deed: str, *given: Any, **named: Any) -> Any:
        with moved_to(self.now):
            return came_to(await getattr(self, deed)(*given, **named))

    async def move(self, code: str, given: Any = None, *, by: str = "agent") -> Any:
        return await make_move(self.host, self.reference, code, given or {}, actor=ACTORS[by], mover=by)

    async def pay(self, fee: str) -> Any:
        charge = await self._charge(fee)
        if charge is None:
            return Denied(code="not_possible", reason=NOT_OWED.format(title=self.type.part(Fee, fee).title))
        return await take_at_counter(self.host, self.reference, charge.id, way="cash", actor=ANA)

    async def waive(self, fee: str, reason: str) -> Any:
        return await waive(self.host, self.reference, (await self._charge(fee)).id, reason, actor=ANA)

    async def refund(self, fee: str, cents: int) -> Any:
        charge = await self._charge(fee)
        return await give_back(self.host, self.reference, charge.id, cents, way="cash", actor=ANA)

    async def _charge(self, fee: str) -> Any:
        return latest(await charges_of((await self.record()).id)).get(fee)

    async def give_opinion(self, task: str, recommendation: str = "favourable", **answers: Any) -> Any:
        asked = [each for each in await tasks_of((await self.record()).id) if each.task == task][-1]
        handed = OpinionSubmission(task=asked.id, raw={"recommendation": recommendation, **answers}, actor=ANA)
        return await give_opinion(self.host, self.reference, handed)

    async def ask_supplement(self, points: dict[str, str], *, due_on: str = "") -> Any:
        record, marked = await self.record(), [Point(field=field, words=words) for field, words in points.items()]
        code = next(part.code for part in self.type.parts if part.part == "supplement")
        transition = asking(self.type, code, record.state)
        sent = {"transition": transition.code if transition else "", "raw": {}, "actor": ANA, "mover": "agent"}
        return await ask(self.host, self.reference, code, marked, due_on, **sent)

    async def answer_supplement(self, answers: dict[str, Any] | None = None, *, words: Any = None) -> Any:
        code = next(part.code for part in self.type.parts if part.part == "supplement")
        given = SupplementAnswers(raw=answers or {}, words=words or {})
        return await answer(self.host, self.reference, code, given)

    async def prove(self, code: str, given: dict[str, Any]) -> Any:
        return await proving.send_proof(self.host, self.reference, await self._owed(code), given, actor=REQUESTER)

    async def accept_proof(self, code: str) -> Any:
        return await proving.accept(self.host, self.reference, await self._owed(code), actor=ANA)

    async def send_back_proof(self, code: str, reason: str) -> Any:
        return await proving.send_back(self.host, self.reference, await self._owed(code), actor=ANA, reason=reason)

    async def waive_obligation(self, code: str, reason: str) -> Any:
        return await proving.waive(self.host, self.reference, await self._owed(code), actor=ANA, reason=reason)

    async def postpone_obligation(self, code: str, day: Any, reason: str) -> Any:
        owed = await self._owed(code)
        return await proving.postpone(self.host, self.reference, owed, actor=ANA, day=day, reason=reason)

    async def _owed(self, code: str) -> str:
        under = [each for each in await obligations_of((await self.record()).id) if each.code == code]
        return str(next((each for each in under if each.is_live), under[-1]).id)

    async def ask_inspection(self, code: str) -> Any:
        return await inspecting.ask(self.host, self.reference, code, Wishes())

    async def inspect(
        self, code: str, *, notes: dict[str, str] | None = None, notice: bool = False, missed: str = ""
    ) -> Any:
        """As an inspector does who follows the plan: nobody is sent where something must be in order first."""
        part, visits = self.type.part(Inspection, code), await visits_of((await self.record()).id)
        assert part is not None
        visit = next((each for each in reversed(visits) if each.code == code and each.is_open), None)
        if visit is None:
            return Denied(code="not_possible", reason=NOT_OPEN)
        if first := lacking(part, visits):
            titles = [self.type.part(Inspection, each).title for each in first]
            names = Text(fr=", ".join(each.fr for each in titles), en=", ".join(each.to("en") for each in titles))
            return Denied(code="not_possible", reason=FIRST.format(names=names))
        points = {each.code: {"finding": "ok"} for each in part.points}
        points |= {each: {"finding": "not_ok", "note": note} for each, note in (notes or {}).items()}
        raw = {"points": points, "notice": notice} | ({"outcome": "missed", "words": missed} if missed else {})
        sent = read_result(part, visit, raw, {}, self.now, self.now.date())
        key = f"{visit.id} {self.now}"
        return await record_result(self.host, visit, self.reference, sent, key=key, actor=ANA)

    async def stands(self) -> dict[str, Any]:
        record = await self.record()
        with moved_to(self.now):
            facts = await standing_facts(self.host, record, await type_of_record(self.host, record))
        charges = await charges_of(record.id)
        ours = (Delivery.reference == self.reference) & (Delivery.subscriber == "town.listen")
        rows = await Delivery.select(Delivery.event).where(ours).order_by(Delivery.id)
        return {
            "state": record.state,
            "facts": sorted(facts),
            "answers": record.answers,
            "charges": [(each.fee, each.state, each.amount, each.refunded) for each in charges],
            "documents": [(each.number, each.version, each.state) for each in await issued_of(record.id)],
            **told_apart([msgspec.json.decode(row["event"], type=AnyEvent) for row in rows]),
        }

    async def until(self, moments: list[Any], end: Any) -> None:
        """What workers do at each of these moments, and at the end."""
        for moment in [*moments, end]:
            self.now = moment
            with moved_to(moment):
                for chore in (run_timers, expire, wake_obligations, remind, mark_overdue, remind_reviewers):
                    await chore(self.host)


class Both:
    """The kit and the host, side by side."""

    def __init__(self, kit: Kit, host: OnHost) -> None:
        self.kit, self.host = kit, host

    async def submit(self, **answers: Any) -> None:
        await self.kit.submit(**answers)
        await self.host.submit(**answers)
        await self._compare("submit")

    async def __call__(self, deed: str, *given: Any, **named: Any) -> Any:
        """Do the same at both; what it came to, and everything that then stands, must be the same."""
        kit, host = await self.kit.play(deed, *given, **named), await self.host.play(deed, *given, **named)
        assert kit == host, f"{deed} {given} {named}: the kit says {kit}, the host {host}"
        await self._compare(f"{deed} {given}")
        return kit

    async def wait(self, days: int) -> None:
        """Days pass at the kit; the workers of the host look whenever something came of it, and at the end.

        A business day of a town ends when it closes: what silence comes to is looked at some hours later once more.
        """
        end, before = self.kit.desk.now + timedelta(days=days), len(self.kit.desk.events)
        await self.kit.desk.wait(days)
        happened = self.kit.desk.events[before:]
        closed = {event.at + OPEN for event in happened if of_silence(event) and event.at + OPEN <= end}
        moments = sorted(closed.union(event.at for event in happened))
        await self.host.until(moments, end)
        await self._compare(f"wait {days}")

    @property
    def state(self) -> str:
        """Where it stands, at both."""
        return self.kit.case.state

    async def _compare(self, after: str) -> None:
        kit, host = await self.kit.stands(), await self.host.stands()
        for what in kit:
            if kit[what] != host[what]:
                sides = [pformat(each[what], width=1000).splitlines() for each in (kit, host)]
                raise AssertionError("\n".join([f"{what} after {after}", *unified_diff(*sides, "kit", "host", n=1)]))


def told(event: Event) -> dict[str, Any]:
    """What two events must have alike."""
    said = msgspec.to_builtins(event)
    kept = {name: said[name] for name in ALIKE if name in said}
    words = {name: text for name, text in said.get("said", {}).items() if name not in OF_THE_HOST}
    return kept | {"said": words}


def told_apart(events: Sequence[Event]) -> dict[str, Any]:
    """Events in their order, and beside them what silence came to: a town's business day ends when it closes."""
    silences = sorted(event.fact for event in events if isinstance(event, Happened) and of_silence(event))
    return {"events": [told(event) for event in events if not of_silence(event)], "silences": silences}


def of_silence(event: Event) -> bool:
    """Whether it tells what came of an opinion that did not come."""
    return re.search(r"\.(escalated|deemed)_", getattr(event, "fact", "")) is not None


def raw_of(request_type: RequestType, answers: dict[str, Any]) -> dict[str, Any]:
    place = {"place": HERE} if request_type.place.need != "none" else {}
    return {"language": "fr", "answers": answers, "requester": REQUESTED, **place}
