"""The life of a certificate for felling: study, decision, and a replacement that wakes the request months later."""

from parvis_permits import demands
from parvis_permits.states import DECISIONS, ENDS, REPLACEMENT, STUDY
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition, Workflow

AT_WORK = ("received", "review", "site_visit")


def felling_workflow() -> Workflow:
    """The whole life of an application."""
    return Workflow(
        states=(*STUDY, *DECISIONS, *REPLACEMENT, *ENDS),
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
                fr="Six mois plus tard, la requête se réveille seule et demande la preuve de la plantation.",
                en="Six months later, the request wakes by itself and asks for proof of the planting.",
            ),
            tone="primary",
        ),
        Transition(
            code="grant_outright",
            title=Text(fr="Accorder sans condition", en="Grant without a condition"),
            sources=("review", "site_visit"),
            target="granted_outright",
            asks=demands.GRANT_OUTRIGHT,
        ),
        Transition(
            code="refuse",
            title=Text(fr="Refuser", en="Refuse"),
            sources=("review", "site_visit"),
            target="refused",
            asks=demands.REFUSAL,
            tone="warning",
        ),
    )


def _replacement() -> tuple[Transition, ...]:
    return (
        Transition(
            code="call_for_replacement",
            title=Text(fr="Demander la preuve de la plantation", en="Ask for proof of the planting"),
            sources=("granted",),
            target="replacement_due",
            by=("agent", "manager", "system"),
        ),
        Transition(
            code="confirm_replacement",
            title=Text(fr="Confirmer la plantation", en="Confirm the planting"),
            sources=("granted", "replacement_due", "replacement_overdue"),
            target="replacement_confirmed",
            by=("requester", "agent", "manager"),
            asks=demands.REPLACEMENT,
            help=Text(
                fr="Avec une photo de l’arbre planté. Vous pouvez le faire dès maintenant.",
                en="With a photo of the planted tree. You can do it right away.",
            ),
            tone="primary",
        ),
        Transition(
            code="extend",
            title=Text(fr="Accorder un délai", en="Give more time"),
            sources=("replacement_due", "replacement_overdue"),
            target="granted",
            asks=demands.EXTENSION,
            help=Text(
                fr="La requête se rendort et demandera de nouveau la preuve dans six mois.",
                en="The request goes back to sleep and will ask for proof again in six months.",
            ),
        ),
        Transition(
            code="flag_overdue",
            title=Text(fr="Noter le retard", en="Note the delay"),
            sources=("replacement_due",),
            target="replacement_overdue",
            by=("agent", "manager", "system"),
        ),
        Transition(
            code="reject_replacement",
            title=Text(fr="Demander une correction", en="Ask for a correction"),
            sources=("replacement_confirmed",),
            target="replacement_due",
            asks=demands.PROBLEM,
            tone="warning",
        ),
        Transition(
            code="offence",
            title=Text(fr="Conclure à une infraction", en="Conclude that there is an offence"),
            sources=("replacement_overdue",),
            target="offence",
            asks=demands.REASON,
            tone="warning",
        ),
    )


def _conversation() -> tuple[Transition, ...]:
    return (
        Transition(
            code="need_information",
            title=Text(fr="Demander un complément", en="Ask for more"),
            sources=AT_WORK,
            target="waiting",
            asks=demands.QUESTION,
            help=Text(
                fr="Le délai promis s’arrête jusqu’à la réponse. Sans réponse en trente jours, la demande se ferme.",
                en=(
                    "The promised time stops until there is an answer. Without one within thirty "
                    "days, the application closes."
                ),
            ),
        ),
        Transition(
            code="answer",
            title=Text(fr="Compléter le dossier", en="Complete the file"),
            sources=("waiting", "unanswered"),
            target="review",
            by=("requester", "agent", "manager"),
            asks=demands.ANSWER,
            tone="primary",
        ),
        Transition(
            code="close_unanswered",
            title=Text(fr="Fermer sans réponse", en="Close without an answer"),
            sources=("waiting",),
            target="unanswered",
            by=("agent", "manager", "system"),
        ),
        Transition(
            code="withdraw",
            title=Text(fr="Retirer la demande", en="Withdraw the application"),
            sources=(*AT_WORK, "waiting"),
            target="withdrawn",
            by=("requester", "agent", "manager"),
            asks=demands.WITHDRAWAL,
            tone="warning",
        ),
    )


def _closing() -> tuple[Transition, ...]:
    return (
        Transition(
            code="close",
            title=Text(fr="Fermer le dossier", en="Close the file"),
            sources=("granted_outright", "refused", "replacement_confirmed", "offence"),
            target="closed",
            by=("agent", "manager", "system"),
            tell=False,
        ),
        Transition(
            code="reopen",
            title=Text(fr="Rouvrir l’étude", en="Reopen the review"),
            sources=("refused", "closed", "unanswered", "withdrawn"),
            target="review",
            by=("manager",),
            asks=demands.REASON,
        ),
    )
