"""The rules of an obligation: what it requires and by when, its milestones in time, and the actions of people."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from parvis_sdk.days import ONE_INSTANT, Zoned, day_text, last_day, later, midnight_after, morning_of
from parvis_sdk.fields import AnyField, Date, OneOf
from parvis_sdk.moments import Moment, Occasion, gone_through, next_after, still_news
from parvis_sdk.obligations import Obligation
from parvis_sdk.text import Text
from parvis_sdk.workflow import Workflow

DONE_WITH = Text(
    fr="Cette condition n’attend plus rien\u00a0: quelqu’un s’en est occupé entre-temps.",
    en="This condition is not waiting for anything: somebody has seen to it in the meantime.",
)
NO_PROOF = Text(fr="Aucune preuve n’est demandée ici.", en="No proof is asked for here.")
BY = Text(fr="{demand} (au plus tard le {due})", en="{demand} (by {due})")
LINES = "\n– "
OPEN = ("open", "due", "overdue", "proved")
OVERTAKEN = {
    "due": ("soon",),
    "lapsed": ("soon",),
    "chased": ("soon",),
    "overdue": ("soon", "chased"),
}
"""Facts that nobody needs to be told about any more once this one has come true."""


class ObligationState(Struct, frozen=True, kw_only=True):
    """The current state of one obligation of one request.

    `due_at` is the midnight after its due day; for a met obligation, after the last day of its proof.
    `sent` is the number of the entry with the last proof.
    """

    id: UUID
    code: str
    demand: Text
    proof: str
    state: str
    imposed_at: datetime
    due_at: datetime | None = None
    sent: int = 0
    woken_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_live(self) -> bool:
        """Whether it still has milestones ahead."""
        return self.is_open or (self.state == "met" and self.due_at is not None)


def moments(owed: ObligationState, declared: Obligation, town: Zoned) -> tuple[Moment, ...]:
    """The milestones ahead of its current state, in order; some may be past."""
    # While the town looks at a proof nobody is pressed.
    if owed.due_at is None or owed.state in ("proved", "waived"):
        return ()
    last = last_day(town, owed.due_at)

    def morning(days: int, word: str) -> Moment:
        return Moment(at=morning_of(town, last + timedelta(days=days)), word=word)

    found: list[Moment] = []
    if owed.state in ("open", "met"):
        found += [morning(-days, "soon") for days in declared.reminders]
    if owed.state == "met":
        found.append(Moment(at=owed.due_at, word="lapsed"))
    if owed.state == "open":
        found.append(morning(0, "due"))
    if owed.state in ("open", "due"):
        over = midnight_after(town, last + timedelta(days=declared.grace))
        found.append(Moment(at=over, word="overdue"))
    if owed.state in ("open", "due", "overdue"):
        found += [morning(days, "chased") for days in declared.chasers if days]
    return tuple(sorted(found))


def next_moment(owed: ObligationState, declared: Obligation, town: Zoned) -> datetime | None:
    """The time of the next milestone."""
    return next_after(moments(owed, declared, town), owed.woken_at or owed.imposed_at)


def woken(
    owed: ObligationState, declared: Obligation, town: Zoned, now: datetime
) -> tuple[ObligationState, tuple[str, ...]]:
    """The current state and the message fields of the milestones it has reached; past reminders are omitted."""
    seen = owed.woken_at or owed.imposed_at
    became, words = gone_through(owed, seen, now, lambda one: moments(one, declared, town), _after)
    return structs.replace(became, woken_at=now), still_news(words, OVERTAKEN)


def _after(owed: ObligationState, word: str) -> tuple[ObligationState, tuple[str, ...]]:
    state = {"due": "due", "lapsed": "due", "overdue": "overdue"}.get(word, owed.state)
    return structs.replace(owed, state=state), (word,)


def standing_by(owed: ObligationState, declared: Obligation, town: Zoned, now: datetime) -> str:
    """The state of an open obligation, by its date alone."""
    if owed.due_at is None:
        return "open"
    last = last_day(town, owed.due_at)
    if now >= midnight_after(town, last + timedelta(days=declared.grace)):
        return "overdue"
    return "due" if now >= morning_of(town, last) else "open"


def proved_until(owed: ObligationState, declared: Obligation, town: Zoned, answers: Any) -> datetime | None:
    """The last day that a proof with these answers covers; None without an end."""
    proof = declared.proof(owed.proof)
    said = answers.get(proof.lasts) if proof and proof.lasts else None
    return midnight_after(town, date.fromisoformat(said)) if said else None


def met_with(owed: ObligationState, until: datetime | None, now: datetime) -> ObligationState:
    """The obligation with its proof accepted until `until`; already expired if that is past."""
    seen = now if until is None or until > now else until - ONE_INSTANT
    return structs.replace(owed, state="met", due_at=until, woken_at=seen)


def proof_sent(owed: ObligationState, declared: Obligation, until: datetime | None, now: datetime) -> ObligationState:
    """The obligation with a proof sent that covers until then; met at once where nobody checks it."""
    sent = structs.replace(owed, state="proved", woken_at=now)
    return sent if declared.checked else met_with(sent, until, now)


def accepted(owed: ObligationState, until: datetime | None, now: datetime) -> ObligationState:
    """The obligation once the town accepts its proof, valid until then, or has verified it itself."""
    return met_with(owed, until, now) if until else structs.replace(owed, state="met", due_at=None)


def sent_back(owed: ObligationState, declared: Obligation, town: Zoned, now: datetime) -> ObligationState:
    """The obligation with its proof refused."""
    return structs.replace(owed, state=standing_by(owed, declared, town, now), woken_at=now)


def let_off(owed: ObligationState) -> ObligationState:
    """The obligation waived by the town."""
    return structs.replace(owed, state="waived", due_at=None)


def postponed(owed: ObligationState, declared: Obligation, town: Zoned, day: date, now: datetime) -> ObligationState:
    """The obligation with another due day."""
    later = structs.replace(owed, due_at=midnight_after(town, day), woken_at=now)
    return later if owed.state == "proved" else structs.replace(later, state=standing_by(later, declared, town, now))


def due_day(declared: Obligation, today: date, answered: str | None) -> date | None:
    """The due day of an obligation imposed today."""
    if answered:
        return date.fromisoformat(answered)
    if declared.months or declared.days:
        return later(today, months=declared.months, days=declared.days)
    return None


def answer_text(field: AnyField | None, value: Any) -> Text:
    """One answer as text within the text of an obligation."""
    if isinstance(field, Date):
        return day_text(date.fromisoformat(value))
    if isinstance(field, OneOf):
        labels = {option.code: option.label for option in field.options}
        return labels.get(value, Text(fr=str(value)))
    return Text(fr=str(value))


def imposed_by(
    occasion: Occasion,
    declared: Obligation,
    workflow: Workflow,
    before: Sequence[ObligationState],
    fresh: Callable[[], UUID],
) -> tuple[ObligationState, ...]:
    """The obligations of a transition that causes "imposed": those the town wrote, then those declared.

    `before` is what was required already; each new one is known by a `fresh` id.
    """
    return tuple(_imposed(occasion, declared, workflow, before, fresh))


def _imposed(
    occasion: Occasion,
    declared: Obligation,
    workflow: Workflow,
    before: Sequence[ObligationState],
    fresh: Callable[[], UUID],
) -> Iterator[ObligationState]:
    given = occasion.given
    if declared.written:
        for entry in given.get(declared.written) or ():
            demand = Text(fr=entry["demand"], en=entry.get("demand_en", ""))
            yield _new(occasion, declared, demand, fresh(), entry.get("due_on"), entry.get("proof", ""))
    if declared.text is None or not _is_chosen(declared, given):
        return
    questions = {field.code: field for field in workflow.fields()}
    texts = {code: answer_text(field, given[code]) for code, field in questions.items() if code in given}
    answered = occasion.answers.get(declared.due)
    first = declared.proofs[0].code if declared.proofs else ""
    new = _new(occasion, declared, declared.text.format(**texts), fresh(), answered, first)
    # What is demanded already is demanded in its new terms, not twice.
    same = next((each for each in before if each.code == declared.code and each.is_live), None)
    yield structs.replace(new, id=same.id, imposed_at=same.imposed_at, sent=same.sent) if same else new


def _is_chosen(declared: Obligation, given: Mapping[str, Any]) -> bool:
    if not declared.chosen:
        return True
    said = given.get(declared.chosen)
    return said is True or said == declared.code or (isinstance(said, list) and declared.code in said)


def _new(
    occasion: Occasion, declared: Obligation, demand: Text, id: UUID, answered: str | None, proof: str
) -> ObligationState:
    town = occasion.town
    day = due_day(declared, occasion.today, answered)
    owed = ObligationState(
        id=id,
        code=declared.code,
        demand=demand,
        proof=proof,
        state="open",
        imposed_at=occasion.at,
        due_at=midnight_after(town, day) if day else None,
        woken_at=occasion.at,
    )
    until = proved_until(owed, declared, town, occasion.answers)
    return met_with(owed, until, occasion.at) if until else owed


def facts_of_imposing(
    declared: Obligation, imposed: Sequence[ObligationState], before: Iterable[ObligationState], town: Zoned
) -> dict[str, dict[str, Text]]:
    """The facts that imposing these obligations establishes, each with its message fields."""
    facts: dict[str, dict[str, Text]] = {}
    if imposed:
        facts[declared.fact("imposed")] = {"demands": joined(demand_by(each, town) for each in imposed)}
    if met := [each for each in imposed if each.state == "met"]:
        facts[declared.fact("met")] = said_of(met, town)
    ids = {each.id for each in imposed}
    return facts | settled_with(declared, (*imposed, *(each for each in before if each.id not in ids)))


def said_of(all_owed: Iterable[ObligationState], town: Zoned) -> dict[str, Text]:
    """The message fields of obligations with the same event."""
    together = list(all_owed)
    said = {"demand": joined(each.demand for each in together)}
    days = [each.due_at for each in together if each.due_at is not None]
    return said | ({"due": day_text(last_day(town, min(days)))} if days else {})


def demand_by(owed: ObligationState, town: Zoned) -> Text:
    """What is required and by when, in one line."""
    if owed.due_at is None:
        return owed.demand
    return BY.format(demand=owed.demand, due=day_text(last_day(town, owed.due_at)))


def joined(texts: Iterable[Text]) -> Text:
    """One text, or several as a list of lines."""
    several = list(texts)
    if len(several) == 1:
        return several[0]
    return Text(
        fr=(LINES + LINES.join(each.to("fr") for each in several)).strip("\n"),
        en=(LINES + LINES.join(each.to("en") for each in several)).strip("\n"),
    )


def settled_with(declared: Obligation, others: Iterable[ObligationState]) -> dict[str, dict[str, Text]]:
    """The fact that no obligation remains, once none of the others is open."""
    return {} if any(each.is_open and each.code == declared.code for each in others) else {declared.fact("settled"): {}}


def words_of(all_owed: Sequence[ObligationState]) -> Iterator[str]:
    """The words of the facts that are true of everything required under one declared obligation."""
    states = {each.state for each in all_owed}
    if all_owed:
        yield "imposed"
    if not any(each.is_open for each in all_owed):
        yield "settled"
        if "met" in states:
            yield "met"
        elif all_owed:
            yield "waived"
    if states & {"due", "overdue"}:
        yield "due"
    yield from states & {"overdue", "proved"}
