"""The life that all reports share: received, looked at, done, closed, and every way around."""

from parvis_reports import demands
from parvis_reports.states import Words, ends, open_states
from parvis_sdk.decisions import answer, closure, lapse, question, reopening, triage, withdrawal
from parvis_sdk.text import Text
from parvis_sdk.workflow import Mover, Transition, Workflow

WAITING_FOR_WORK = ("received", "triaged", "planned", "reopened")
BY_WORKERS: tuple[Mover, ...] = (
    "agent",
    "manager",
    "system",
)  # the agents who work on it, and the systems in which work orders are kept
ENDED = ("resolved", "closed", "unanswered", "refused", "not_ours", "duplicate", "withdrawn")


def report_workflow(words: Words) -> Workflow:
    """The life of one kind of report, told in its own words."""
    outside = ("entrusted",) if words.contractor is not None else ()
    at_work = (*WAITING_FOR_WORK, *outside, "in_progress")
    return Workflow(
        states=(*open_states(words), *ends(words)),
        transitions=(
            *_work(words, outside),
            *_conversation(at_work),
            *_refusals(words, at_work),
            *_second_chances(),
        ),
    )


def _work(words: Words, outside: tuple[str, ...]) -> tuple[Transition, ...]:
    entrust = Transition(
        code="entrust",
        title=Text(fr="Confier à l’entrepreneur", en="Hand over to the contractor"),
        sources=WAITING_FOR_WORK,
        target="entrusted",
        asks=demands.CONTRACTOR,
    )
    return (
        triage(by=BY_WORKERS),
        Transition(
            code="plan",
            title=Text(fr="Planifier", en="Plan"),
            sources=(*WAITING_FOR_WORK, *outside),
            target="planned",
            asks=demands.PLANNED,
            help=Text(fr="La personne reçoit la date prévue.", en="The person is notified of the planned date."),
        ),
        *((entrust,) if outside else ()),
        Transition(
            code="start",
            title=Text(fr="Commencer les travaux", en="Start the work"),
            sources=(*WAITING_FOR_WORK, *outside),
            target="in_progress",
            by=BY_WORKERS,
            asks=demands.WORK_ORDER,
        ),
        Transition(
            code="resolve",
            title=Text(fr="Marquer comme réglée", en="Mark as resolved"),
            sources=(*WAITING_FOR_WORK, *outside, "in_progress"),
            target="resolved",
            by=BY_WORKERS,
            asks=demands.PROOF,
            help=Text(
                fr=(
                    "La personne est avisée et peut dire que le problème persiste. Le signalement se ferme après "
                    "quatorze jours."
                ),
                en=(
                    "The person is notified, and may say that the problem remains. The report closes after "
                    "fourteen days."
                ),
            ),
            tone="primary",
        ),
        closure(("resolved",)),
    )


def _conversation(at_work: tuple[str, ...]) -> tuple[Transition, ...]:
    return (
        question(
            at_work,
            title=Text(fr="Demander une précision", en="Ask for details"),
            asks=demands.QUESTION,
            help=Text(
                fr=(
                    "Le délai est suspendu jusqu’à la réponse. Sans réponse dans les trente jours, le signalement est "
                    "fermé."
                ),
                en=(
                    "The response time is paused until there is an answer. If there is none within thirty days, the "
                    "report "
                    "is closed."
                ),
            ),
        ),
        answer(
            ("waiting", "unanswered"),
            "triaged",
            title=Text(fr="Répondre à la question", en="Answer the question"),
            asks=demands.ANSWER,
        ),
        lapse(),
        withdrawal(
            (*at_work, "waiting"),
            title=Text(fr="Retirer le signalement", en="Withdraw the report"),
            asks=demands.WITHDRAWAL,
        ),
    )


def _refusals(words: Words, at_work: tuple[str, ...]) -> tuple[Transition, ...]:
    return (
        Transition(
            code="duplicate",
            title=Text(fr="Marquer comme déjà signalée", en="Mark as already reported"),
            sources=at_work,
            target="duplicate",
            asks=demands.ORIGINAL,
        ),
        Transition(
            code="not_ours",
            title=Text(fr="Diriger vers un autre organisme", en="Refer to another organization"),
            sources=at_work,
            target="not_ours",
            asks=demands.OWNER,
        ),
        Transition(
            code="refuse",
            title=Text(fr="Ne pas donner suite", en="Take no action"),
            sources=at_work,
            target="refused",
            asks=demands.refusal(words.grounds),
            tone="warning",
        ),
    )


def _second_chances() -> tuple[Transition, ...]:
    return (
        Transition(
            code="not_fixed",
            title=Text(fr="Le problème n’est pas réglé", en="The problem is not fixed"),
            sources=("resolved", "closed"),
            target="reopened",
            by=("requester",),
            asks=demands.NOT_FIXED,
        ),
        Transition(
            code="still_there",
            title=Text(fr="C’est encore là", en="It is still there"),
            sources=("not_ours",),
            target="reopened",
            by=("requester",),
            asks=demands.STILL_THERE,
        ),
        reopening(ENDED, asks=demands.REOPENING),
    )
