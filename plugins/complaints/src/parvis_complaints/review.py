"""The life of a complaint about the town itself: examined, answered, and reviewed by another person if asked."""

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

ANSWERED = ("founded", "partly_founded", "unfounded")
AT_WORK = ("received", "triaged", "review", "reopened")


def review_workflow() -> Workflow:
    """The life of a complaint about a service, an employee or a decision of the town."""
    return Workflow(
        states=(RECEIVED, TRIAGED, *EXAMINATION, REOPENED, WAITING, *CONCLUSIONS, *ENDS),
        transitions=(
            triage(),
            Transition(
                code="start_review",
                title=Text(fr="Commencer l’examen", en="Start the review"),
                sources=("received", "triaged", "reopened"),
                target="review",
                help=Text(
                    fr="Confiez l’examen à une personne qui n’est pas en cause.",
                    en="Give the review to somebody who is not involved.",
                ),
            ),
            *_answers(),
            *_second_look(),
            *conversation(AT_WORK, withdrawable=("second_review",)),
            *closing((*ANSWERED, "concluded")),
        ),
    )


EXAMINATION = (
    State(
        code="review",
        title=Text(fr="À l’examen", en="Under review"),
        phase=Phase.IN_PROGRESS,
        story=Text(
            fr="Une personne qui n’est pas en cause examine les faits et entend les services concernés.",
            en="A person who is not involved is reviewing the facts and hearing the departments concerned.",
        ),
    ),
    State(
        code="second_review",
        title=Text(fr="En révision", en="In second review"),
        phase=Phase.IN_PROGRESS,
        story=Text(
            fr="Une autre personne, membre de la direction, étudie votre demande de révision.",
            en="Another person, from management, is reviewing your request.",
        ),
    ),
)

CONCLUSIONS = (
    State(
        code="founded",
        title=Text(fr="Fondée", en="Founded"),
        phase=Phase.DECIDED,
        story=Text(
            fr="Votre plainte est fondée. La réponse et ce que la Ville corrige sont dans l’historique.",
            en="Your complaint is founded. The answer and what the town corrects are in the history.",
        ),
        timers=TO_CLOSE,
    ),
    State(
        code="partly_founded",
        title=Text(fr="Fondée en partie", en="Partly founded"),
        phase=Phase.DECIDED,
        story=Text(
            fr="Votre plainte est fondée en partie. La réponse est dans l’historique.",
            en="Your complaint is partly founded. The answer is in the history.",
        ),
        timers=TO_CLOSE,
    ),
    State(
        code="unfounded",
        title=Text(fr="Non fondée", en="Unfounded"),
        phase=Phase.DECIDED,
        story=Text(
            fr="Après examen, votre plainte n’est pas fondée. L’explication est dans l’historique.",
            en="After review, your complaint is not founded. The explanation is in the history.",
        ),
        timers=TO_CLOSE,
    ),
    State(
        code="concluded",
        title=Text(fr="Révision terminée", en="Second review done"),
        phase=Phase.DECIDED,
        story=Text(
            fr="La révision est terminée. La conclusion finale est dans l’historique.",
            en="The second review is done. The final conclusion is in the history.",
        ),
        timers=TO_CLOSE,
    ),
)


def _answers() -> tuple[Transition, ...]:
    return (
        Transition(
            code="find_founded",
            title=Text(fr="Conclure : fondée", en="Conclude: founded"),
            sources=("review",),
            target="founded",
            asks=demands.MEASURES,
            tone="primary",
        ),
        Transition(
            code="find_partly_founded",
            title=Text(fr="Conclure : fondée en partie", en="Conclude: partly founded"),
            sources=("review",),
            target="partly_founded",
            asks=demands.MEASURES,
        ),
        Transition(
            code="find_unfounded",
            title=Text(fr="Conclure : non fondée", en="Conclude: unfounded"),
            sources=("review",),
            target="unfounded",
            asks=demands.CONCLUSION,
            tone="warning",
        ),
    )


def _second_look() -> tuple[Transition, ...]:
    return (
        Transition(
            code="request_review",
            title=Text(fr="Demander une révision", en="Ask for a second review"),
            sources=ANSWERED,
            target="second_review",
            by=("requester", "agent", "manager"),
            asks=demands.REVIEW,
        ),
        Transition(
            code="conclude",
            title=Text(fr="Conclure la révision", en="Conclude the second review"),
            sources=("second_review",),
            target="concluded",
            by=("manager",),
            asks=demands.FINAL,
            tone="primary",
        ),
    )
