"""What happens to a permit once it is issued: works, suspension, its end, its renewal.

Whatever may happen before works begin may happen during them, and leads back to them: each such state and move has a
twin, whose code ends in `_works`.
"""

from msgspec import structs

from parvis_permits.demands import REASON, WORD
from parvis_permits.life import demands
from parvis_permits.life.states import EXPIRED, EXPIRED_RENEWABLE, ISSUED, RENEWING, SUSPENDED, UNINSURED, WORKS
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition

IMPOSED, INSURED = "obligation.insurance.imposed", "obligation.insurance.settled"
VISITS = ("footing", "frame", "final")
NO_MORE_VISITS = tuple(f"inspection.{code}.waived" for code in VISITS)
RENEWAL_WAIVED = "fee.renewal.waived"  # a renewal that comes to nothing leaves no debt
WORK_BEGUN = Text(fr="{title} (travaux commencés)", en="{title} (work begun)")


def during_works(code: str) -> str:
    """The code of the twin of a state or a move while works go on."""
    return "in_works" if code == "issued" else f"{code}_works"


def states_in_force(*, insured: bool, inspected: bool, renewable: bool) -> tuple[State, ...]:
    """Where a permit may stand once it is issued."""
    uninsured = (UNINSURED,) if insured else ()
    over = (EXPIRED_RENEWABLE, RENEWING) if renewable else (EXPIRED,)
    states = (SUSPENDED, *uninsured, *over)
    if inspected:
        states = (*WORKS, *(each for state in states for each in (state, _state_during_works(state))))
    return (ISSUED, *states)


def moves_in_force(*, insured: bool, inspected: bool, renewable: bool, last_day: str) -> tuple[Transition, ...]:
    """What is done with it; `last_day` is the code of the day that was asked for, where it ends on such a day."""
    insurance = _insurance() if insured else ()
    renewing = _renewal() if renewable else (_taken_up_again(last_day),)
    moves = (*_suspension(), *insurance, EXPIRE, *renewing)
    if inspected:
        moves = (*_works(), *(each for move in moves for each in (move, _move_during_works(move))))
    return (*moves, REVOKE)


def _state_during_works(state: State) -> State:
    return structs.replace(state, code=during_works(state.code), title=WORK_BEGUN.format(title=state.title))


def _move_during_works(move: Transition) -> Transition:
    sources = tuple(during_works(code) for code in move.sources)
    return structs.replace(move, code=during_works(move.code), sources=sources, target=during_works(move.target))


def _works() -> tuple[Transition, ...]:
    return (
        Transition(
            code="start_works",
            title=Text(fr="Annoncer le début des travaux", en="Report the start of the work"),
            sources=("issued",),
            target="in_works",
            by=("requester", "agent", "manager"),
            asks=demands.START,
            brings=tuple(f"inspection.{code}.wanted" for code in VISITS),
        ),
        Transition(
            code="conform",
            title=Text(fr="Constater la conformité", en="Confirm that the work complies"),
            sources=("issued", "in_works"),
            target="compliant",
            by=("agent", "manager", "system"),
            needs=("inspection.final.passed",),
            # The last visit follows the others, so that everything has passed when it has, be it during a renewal.
            after=("inspection.final.passed", "validity.permit.renewed", "validity.permit.renewal_dropped"),
            tone="primary",
        ),
    )


def _suspension() -> tuple[Transition, ...]:
    return (
        Transition(
            code="suspend",
            title=Text(fr="Suspendre le permis", en="Suspend the permit"),
            sources=("issued", "uninsured"),
            target="suspended",
            asks=WORD,
            tone="warning",
        ),
        Transition(
            code="restore",
            title=Text(fr="Rétablir le permis", en="Reinstate the permit"),
            sources=("suspended",),
            target="issued",
            asks=WORD,
            needs=(INSURED,),
            brings=("validity.permit.valid",),
        ),
    )


def _insurance() -> tuple[Transition, ...]:
    """A new insurance lifts what its lack has suspended; what a person has suspended is a person's to restore."""
    return (
        Transition(
            code="suspend_uninsured",
            title=Text(fr="Suspendre faute d’assurance", en="Suspend for lack of insurance"),
            sources=("issued",),
            target="uninsured",
            by=("system",),
            after=("obligation.insurance.lapsed", "obligation.insurance.overdue"),
            tone="warning",
        ),
        Transition(
            code="restore_insured",
            title=Text(fr="Rétablir le permis", en="Reinstate the permit"),
            sources=("uninsured",),
            target="issued",
            by=("agent", "manager", "system"),
            asks=WORD,
            after=("obligation.insurance.met", "obligation.insurance.waived"),
            brings=("validity.permit.valid",),
        ),
    )


def _taken_up_again(last_day: str) -> Transition:
    """What the town renews of its own accord; where the permit ended on a day that was asked for, with a new one."""
    return Transition(
        code="renew",
        title=Text(fr="Renouveler le permis", en="Renew the permit"),
        sources=("expired",),
        target="issued",
        asks=demands.new_last_day(last_day) if last_day else WORD,
        needs=(INSURED,),
        brings=("validity.permit.valid", "document.permit.issued"),
    )


def _renewal() -> tuple[Transition, ...]:
    return (
        Transition(
            code="renew",
            title=Text(fr="Renouveler le permis", en="Renew the permit"),
            sources=("issued", "expired"),
            target="renewing",
            by=("requester", "agent", "manager"),
            needs=("validity.permit.renewable",),
            asks=demands.RENEWAL,
            help=Text(
                fr="Le permis sera prolongé dès que les droits de renouvellement seront payés.",
                en="The permit will be extended as soon as the renewal fees are paid.",
            ),
        ),
        Transition(
            code="prolong",
            title=Text(fr="Prolonger le permis", en="Extend the permit"),
            sources=("renewing",),
            target="issued",
            by=("agent", "manager", "system"),
            needs=("fee.renewal.paid",),
            after=("fee.renewal.paid", "fee.renewal.waived"),
            brings=("validity.permit.renewed", "document.permit.issued"),
            tone="primary",
        ),
        Transition(
            code="drop_renewal",
            title=Text(fr="Annuler le renouvellement", en="Cancel the renewal"),
            sources=("renewing",),
            target="issued",
            by=("requester", "agent", "manager"),
            brings=("validity.permit.renewal_dropped", RENEWAL_WAIVED),
        ),
    )


EXPIRE = Transition(
    code="expire",
    title=Text(fr="Constater l’échéance", en="Record that the permit has expired"),
    sources=("issued", "suspended", "uninsured", "renewing"),
    target="expired",
    by=("system",),
    after=("validity.permit.expired",),
    brings=(RENEWAL_WAIVED,),
)

REVOKE = Transition(
    code="revoke",
    title=Text(fr="Révoquer le permis", en="Revoke the permit"),
    sources=tuple(each for code in ("issued", "suspended", "uninsured") for each in (code, during_works(code))),
    target="revoked",
    by=("manager",),
    asks=REASON,
    brings=("document.permit.revoked", *NO_MORE_VISITS),
    tone="warning",
)
