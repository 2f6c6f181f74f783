"""The life of a certificate for felling: study, decision, and a replacement that closes it, or ends as an offence."""

from parvis_permits.demands import REASON
from parvis_permits.felling import demands
from parvis_permits.felling.states import DECISIONS, ENDS, OFFENCE, STUDY
from parvis_sdk.decisions import answer, closure, lapse, question, reopening, withdrawal
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition, Workflow

AT_WORK = ("received", "review", "site_visit")


def felling_workflow() -> Workflow:
    """The whole life of an application."""
    return Workflow(
        states=(*STUDY, *DECISIONS, *OFFENCE, *ENDS),
        transitions=(*_study(), *_decisions(), *_replacement(), *_conversation(), *_closing()),
    )


def _study() -> tuple[Transition, ...]:
    return (
        Transition(
            code="start_review",
            title=Text(fr="Commencer l’étude", en="Start the review"),
            sources=("received",),
            target="review",
            tone="primary",
        ),
        Transition(
            code="plan_visit",
            title=Text(fr="Prévoir une visite", en="Plan a visit"),
            sources=AT_WORK,
            target="site_visit",
            asks=demands.VISIT,
        ),
        # The opinion is a step of the study, not yet the town's word: hence the applicant is not told.
        Transition(
            code="record_visit",
            title=Text(fr="Consigner la visite", en="Record the visit"),
            sources=("site_visit",),
            target="review",
            asks=demands.OPINION,
            tell=False,
            tone="primary",
        ),
    )


def _decisions() -> tuple[Transition, ...]:
    return (
        Transition(
            code="grant",
            title=Text(fr="Accorder avec condition", en="Grant with a condition"),
            sources=("review", "site_visit"),
            target="granted",
            asks=demands.GRANT,
            help=Text(
                fr="La personne reçoit un rappel automatique avant la date limite. Elle peut "
                "envoyer la preuve de la plantation.",
                en="The requester gets an automatic reminder before the due date. They can send proof of the planting.",
            ),
            tone="primary",
            needs=("fee.study.paid",),
            brings=("document.certificate.issued", "validity.certificate.valid", "obligation.replacement.imposed"),
        ),
        Transition(
            code="grant_outright",
            title=Text(fr="Accorder sans condition", en="Grant without a condition"),
            sources=("review", "site_visit"),
            target="granted_outright",
            asks=demands.GRANT_OUTRIGHT,
            needs=("fee.study.paid",),
            brings=("document.certificate.issued", "validity.certificate.valid"),
        ),
        Transition(
            code="refuse",
            title=Text(fr="Refuser", en="Refuse"),
            sources=("review", "site_visit"),
            target="refused",
            asks=demands.REFUSAL,
            tone="warning",
            brings=("document.refusal.issued",),
        ),
    )


def _replacement() -> tuple[Transition, ...]:
    return (
        Transition(
            code="complete",
            title=Text(fr="Constater le remplacement", en="Record the replacement"),
            sources=("granted",),
            target="closed",
            by=("system",),
            tell=False,
            after=("obligation.replacement.settled",),
        ),
        Transition(
            code="offence",
            title=Text(fr="Conclure à une infraction", en="Conclude that there is an offence"),
            sources=("granted",),
            target="offence",
            asks=REASON,
            tone="warning",
            needs=("obligation.replacement.overdue",),
        ),
    )


def _conversation() -> tuple[Transition, ...]:
    return (
        question(
            AT_WORK,
            title=Text(fr="Demander un complément", en="Ask for details"),
            asks=demands.QUESTION,
            help=Text(
                fr="Le délai est suspendu jusqu’à la réponse. Sans réponse dans les trente jours, "
                "la demande est fermée.",
                en=(
                    "The response time is paused until there is an answer. If there is none within "
                    "thirty days, the application is closed."
                ),
            ),
        ),
        answer(
            ("waiting", "unanswered"),
            "review",
            title=Text(fr="Compléter le dossier", en="Complete the file"),
            asks=demands.ANSWER,
        ),
        lapse(),
        withdrawal(
            (*AT_WORK, "waiting"),
            title=Text(fr="Retirer la demande", en="Withdraw the application"),
            asks=demands.WITHDRAWAL,
        ),
    )


def _closing() -> tuple[Transition, ...]:
    return (
        closure(("granted_outright", "refused", "offence"), title=Text(fr="Fermer le dossier", en="Close the file")),
        reopening(
            ("refused", "closed", "unanswered", "withdrawn"),
            "review",
            title=Text(fr="Rouvrir l’étude", en="Reopen the review"),
            by=("manager",),
            asks=REASON,
        ),
    )
