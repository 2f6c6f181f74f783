"""The life of a complaint that an inspector looks into: a letter, a visit, then an offence or none."""

from msgspec import Struct

from parvis_complaints import demands
from parvis_complaints.conversation import (
    ENDS,
    RECEIVED,
    REOPENED,
    TO_CLOSE,
    TRIAGED,
    WAITING,
    closing,
    conversation,
)
from parvis_sdk.decisions import triage
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow


class Words(Struct, frozen=True, kw_only=True):
    """In which words one kind of complaint tells its inspection; with `entrusted`, another body may be sent instead."""

    letter: Text
    visit: Text
    settled: Text
    entrusted: Text | None = None


DECIDED = ("offence", "unfounded", "settled")


def inspection_workflow(words: Words) -> Workflow:
    """The life of one kind of complaint, told in its own words."""
    outside = ("entrusted",) if words.entrusted is not None else ()
    before_visit = ("received", "triaged", "letter_sent", "reopened", *outside)
    at_work = (*before_visit, "visit_planned", "visited")
    return Workflow(
        states=(RECEIVED, TRIAGED, *_inspection(words), REOPENED, WAITING, *_decisions(words), *ENDS),
        transitions=(
            triage(),
            *_steps(before_visit, outside),
            *_conclusions(at_work),
            *conversation(at_work),
            *closing(DECIDED),
            Transition(
                code="not_fixed",
                title=Text(fr="Le problème persiste", en="The problem continues"),
                sources=("offence", "settled", "closed"),
                target="reopened",
                by=("requester",),
                asks=demands.NOT_FIXED,
            ),
        ),
    )


def _inspection(words: Words) -> tuple[State, ...]:
    entrusted = State(
        code="entrusted",
        title=Text(fr="Confiée à l’organisme mandaté", en="With the authorized organization"),
        phase=Phase.IN_PROGRESS,
        story=words.entrusted,
    )
    return (
        *((entrusted,) if words.entrusted is not None else ()),
        State(
            code="letter_sent",
            title=Text(fr="Première lettre envoyée", en="First letter sent"),
            phase=Phase.IN_PROGRESS,
            story=words.letter,
        ),
        State(
            code="visit_planned",
            title=Text(fr="Visite à faire", en="Visit to be made"),
            phase=Phase.IN_PROGRESS,
            story=words.visit,
        ),
        State(
            code="visited",
            title=Text(fr="Visite faite", en="Visit made"),
            phase=Phase.IN_PROGRESS,
            story=Text(
                fr="L’inspection a eu lieu. Nous étudions les constats.",
                en="The inspection took place. We are reviewing the findings.",
            ),
        ),
    )


def _decisions(words: Words) -> tuple[State, ...]:
    return (
        State(
            code="offence",
            title=Text(fr="Infraction constatée", en="Offence found"),
            phase=Phase.DECIDED,
            story=Text(
                fr=(
                    "Une infraction au règlement a été constatée. La loi nous interdit de "
                    "divulguer les mesures qui visent une autre personne."
                ),
                en=(
                    "A breach of the by-law was found. The law prevents us from disclosing "
                    "measures that concern another person."
                ),
            ),
            timers=TO_CLOSE,
        ),
        State(
            code="unfounded",
            title=Text(fr="Non fondée", en="Unfounded"),
            phase=Phase.DECIDED,
            story=Text(
                fr="Aucune infraction au règlement n’a été constatée. L’explication est dans l’historique.",
                en="No breach of the by-law was found. The explanation is in the history.",
            ),
            timers=TO_CLOSE,
        ),
        State(
            code="settled",
            title=Text(fr="Corrigée", en="Resolved"),
            phase=Phase.DECIDED,
            story=words.settled,
            timers=TO_CLOSE,
        ),
    )


def _steps(before_visit: tuple[str, ...], outside: tuple[str, ...]) -> tuple[Transition, ...]:
    entrust = Transition(
        code="entrust",
        title=Text(fr="Confier à l’organisme mandaté", en="Refer to the authorized organization"),
        sources=("received", "triaged", "letter_sent", "reopened"),
        target="entrusted",
        asks=demands.CONTRACTOR,
    )
    return (
        Transition(
            code="first_letter",
            title=Text(fr="Consigner l’envoi de la première lettre", en="Record that the first letter was sent"),
            sources=("received", "triaged", "reopened", *outside),
            target="letter_sent",
            asks=demands.LETTER,
            help=Text(
                fr="La lettre ne nomme jamais la personne qui a porté plainte.",
                en="The letter never names the person who complained.",
            ),
        ),
        *((entrust,) if outside else ()),
        Transition(
            code="plan_visit",
            title=Text(fr="Demander une visite", en="Ask for a visit"),
            sources=(*before_visit, "visited"),
            target="visit_planned",
            help=Text(
                fr="La personne apprend qu’une visite aura lieu, sans la date.",
                en="The requester is notified that a visit will be made, but not when.",
            ),
        ),
        # What was found, and any ticket, concern another person: hence nobody is told by this move.
        Transition(
            code="record_visit",
            title=Text(fr="Consigner la visite", en="Record the visit"),
            sources=("visit_planned", "visited"),
            target="visited",
            asks=demands.VISIT,
            tell=False,
            tone="primary",
        ),
    )


def _conclusions(at_work: tuple[str, ...]) -> tuple[Transition, ...]:
    return (
        Transition(
            code="offence",
            title=Text(fr="Conclure à une infraction", en="Conclude that there is an offence"),
            sources=("visited",),
            target="offence",
            asks=demands.WORD,
            tone="primary",
        ),
        Transition(
            code="unfounded",
            title=Text(fr="Conclure que la plainte n’est pas fondée", en="Conclude that the complaint is unfounded"),
            sources=at_work,
            target="unfounded",
            asks=demands.CONCLUSION,
            tone="warning",
        ),
        Transition(
            code="settle",
            title=Text(fr="Constater que la situation est corrigée", en="Record that the situation is resolved"),
            sources=at_work,
            target="settled",
            asks=demands.WORD,
        ),
    )
