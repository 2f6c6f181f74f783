"""The life of a permit, whatever the permit: file complete, review, decision, fees, permit, works, end.

Parts and moves speak by facts: each type declares the parts, and its permit lives this life.
"""

from msgspec import structs

from parvis_permits.demands import REASON
from parvis_permits.life import demands
from parvis_permits.life.in_force import IMPOSED, moves_in_force, states_in_force
from parvis_permits.life.states import APPROVED, APPROVED_FREE, ENDS, STUDY, UNPAID
from parvis_sdk.decisions import closure, lapse, reopening, withdrawal
from parvis_sdk.parts import Part
from parvis_sdk.supplements import Supplement
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import State, Transition, Workflow

DUE = "fee.permit.due"
BEFORE_DECISION = ("completeness", "review", "decision_due")


def permit_workflow(*parts: Part, inspected: bool = False, renewable: bool = False) -> Workflow:
    """The whole life of an application for a permit with these parts; `inspected` follows works until they comply,
    `renewable` lets its holder renew it while its validity allows.

    The moves below name the facts of every part that a permit may have; those of parts that this one lacks fall away.
    """
    facts = {fact for part in parts for fact in part.facts()}
    charged, insured = DUE in facts, IMPOSED in facts
    last_day = next((part.ends_by() for part in parts if isinstance(part, Validity)), "")
    approved = (APPROVED, UNPAID) if charged else (APPROVED_FREE,)
    issued = states_in_force(insured=insured, inspected=inspected, renewable=renewable)
    states = (*STUDY, *approved, *issued, *ENDS)
    paying = _paying() if charged else ()
    using = moves_in_force(insured=insured, inspected=inspected, renewable=renewable, last_day=last_day)
    asking = (ASK_BY_RULE,) if _ruled(parts) else ()
    moves = (*_study(), *asking, *_decisions(), *paying, *using, *_closing())
    codes = {state.code for state in states}
    return Workflow(
        states=tuple(structs.replace(state, brings=_among(facts, state.brings)) for state in _looked_at(states, parts)),
        transitions=tuple(
            structs.replace(
                move,
                sources=_among(codes, move.sources),
                needs=_among(facts, move.needs),
                after=_among(facts, move.after),
                brings=_among(facts, move.brings),
            )
            for move in moves
        ),
    )


def _ruled(parts: tuple[Part, ...]) -> bool:
    return any(part.rules for part in parts if isinstance(part, Supplement))


def _looked_at(states: tuple[State, ...], parts: tuple[Part, ...]) -> tuple[State, ...]:
    """The states, of which the first looks at the rules of the supplement where it has any."""
    first, *others = states
    brings = (*first.brings, "supplement.completeness.checked") if _ruled(parts) else first.brings
    return (structs.replace(first, brings=brings), *others)


ASK_BY_RULE = Transition(
    code="ask_by_rule",
    title=Text(fr="Demander un complément selon une règle", en="Request information under a rule"),
    sources=("received",),
    target="incomplete",
    by=("system",),
    after=("supplement.completeness.lacking",),
    brings=("supplement.completeness.asked",),
)


def _among(known: set[str], named: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in named if each in known)


def _study() -> tuple[Transition, ...]:
    return (
        Transition(
            code="check",
            title=Text(fr="Vérifier le dossier", en="Check the file"),
            sources=("received",),
            target="completeness",
            tell=False,
            tone="primary",
        ),
        Transition(
            code="accept",
            title=Text(fr="Déclarer le dossier complet", en="Declare the file complete"),
            sources=("received", "completeness"),
            target="review",
            brings=("review.opinions.open",),
            tone="primary",
            help=Text(fr="Le délai de décision commence maintenant.", en="The time to decide starts now."),
        ),
        Transition(
            code="need_information",
            title=Text(fr="Demander un complément", en="Request information"),
            sources=("received", *BEFORE_DECISION),
            target="incomplete",
            help=Text(
                fr="Le délai est suspendu jusqu’à la réponse.",
                en="The response time is paused until there is an answer.",
            ),
            brings=("supplement.completeness.asked", "document.letter.issued"),
        ),
        Transition(
            code="answer",
            title=Text(fr="Reprendre la vérification", en="Resume checking"),
            sources=("incomplete",),
            target="completeness",
            by=("agent", "manager", "system"),
            after=("supplement.completeness.answered",),
            tone="primary",
        ),
        Transition(
            code="take_up",
            title=Text(fr="Reprendre la demande", en="Resume the application"),
            sources=("abandoned",),
            target="incomplete",
            by=("requester", "agent", "manager"),
            help=Text(
                fr="Le délai pour compléter le dossier recommence au complet.",
                en="The time to complete the file starts again in full.",
            ),
            brings=("supplement.completeness.asked",),
            tone="primary",
        ),
        Transition(
            code="conclude",
            title=Text(fr="Conclure l’étude", en="Conclude the review"),
            sources=("review",),
            target="decision_due",
            by=("agent", "manager", "system"),
            after=("review.opinions.done",),
            tell=False,
            tone="primary",
        ),
    )


def _decisions() -> tuple[Transition, ...]:
    return (
        Transition(
            code="approve",
            title=Text(fr="Approuver", en="Approve"),
            sources=("review", "decision_due"),
            target="approved",
            asks=demands.APPROVAL,
            needs=("review.opinions.done",),
            brings=(DUE,),
            tone="primary",
        ),
        Transition(
            code="issue",
            title=Text(fr="Délivrer le permis", en="Issue the permit"),
            sources=("approved", "unpaid"),
            target="issued",
            by=("agent", "manager", "system"),
            needs=("fee.permit.paid",),
            after=("fee.permit.paid", "fee.permit.waived"),
            brings=("document.permit.issued", "validity.permit.valid", IMPOSED),
            tone="primary",
        ),
        Transition(
            code="refuse",
            title=Text(fr="Refuser", en="Refuse"),
            sources=("completeness", "review", "decision_due"),
            target="refused",
            asks=demands.REFUSAL,
            brings=("document.refusal.issued",),
            tone="warning",
        ),
    )


def _paying() -> tuple[Transition, ...]:
    """Fees that nobody pays close the application; they stay due, so that taking it up again charges nothing anew."""
    return (
        Transition(
            code="lapse",
            title=Text(fr="Fermer faute de paiement", en="Close for lack of payment"),
            sources=("approved",),
            target="unpaid",
            by=("agent", "manager", "system"),
        ),
        Transition(
            code="pay_after_all",
            title=Text(fr="Reprendre la demande et payer", en="Resume the application and pay"),
            sources=("unpaid",),
            target="approved",
            by=("requester", "agent", "manager"),
            help=Text(
                fr="Le délai pour payer les droits recommence au complet.",
                en="The time to pay the fees starts again in full.",
            ),
            tone="primary",
        ),
    )


def _closing() -> tuple[Transition, ...]:
    return (
        withdrawal(
            ("received", *BEFORE_DECISION, "incomplete", "approved"),
            title=Text(fr="Retirer la demande", en="Withdraw the application"),
            asks=demands.WITHDRAWAL,
        ),
        lapse(("incomplete",), "abandoned", code="abandon", after=("supplement.completeness.abandoned",)),
        closure(
            ("issued", "compliant", "refused", "expired", "expired_works"),
            title=Text(fr="Fermer le dossier", en="Close the file"),
        ),
        reopening(
            ("refused", "closed", "abandoned", "unpaid", "withdrawn"),
            "completeness",
            title=Text(fr="Rouvrir l’étude", en="Reopen the review"),
            by=("manager",),
            asks=REASON,
        ),
    )
