"""Where a report may stand, with the sentence that tells the resident so."""

from msgspec import Struct

from parvis_sdk.fields import Option
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Timer

DAYS_TO_ANSWER = 30
DAYS_TO_OBJECT = 14


class Words(Struct, frozen=True, kw_only=True):
    """In which words one kind of report tells its life.

    `planned`, `working` and `done` are sentences for the resident; `grounds` are the reasons to refuse that only this
    kind has. With `contractor`, the work may also be entrusted to somebody outside the town, which is told so.
    """

    planned: Text
    working: Text
    done: Text
    grounds: tuple[Option, ...] = ()
    contractor: Text | None = None


def open_states(words: Words) -> tuple[State, ...]:
    """Where a report may stand while somebody works on it or waits for it; the first is where it begins."""
    entrusted = State(
        code="entrusted",
        title=Text(fr="Confiée à l’entrepreneur", en="With the contractor"),
        phase=Phase.IN_PROGRESS,
        story=words.contractor,
    )
    return (
        State(
            code="received",
            title=Text(fr="Reçue", en="Received"),
            phase=Phase.RECEIVED,
            story=Text(
                fr="Le signalement est reçu. L’équipe concernée va en prendre connaissance.",
                en="We have received the report. The team responsible will look at it.",
            ),
        ),
        State(
            code="triaged",
            title=Text(fr="Prise en charge", en="Being handled"),
            phase=Phase.IN_PROGRESS,
            story=Text(
                fr="L’équipe concernée a lu le signalement et s’en occupe.",
                en="The team responsible has read the report and is handling it.",
            ),
        ),
        State(
            code="planned",
            title=Text(fr="Planifiée", en="Planned"),
            phase=Phase.IN_PROGRESS,
            story=words.planned,
        ),
        *((entrusted,) if words.contractor is not None else ()),
        State(
            code="in_progress",
            title=Text(fr="Travaux en cours", en="Work under way"),
            phase=Phase.IN_PROGRESS,
            story=words.working,
        ),
        State(
            code="reopened",
            title=Text(fr="Rouverte", en="Reopened"),
            phase=Phase.IN_PROGRESS,
            story=Text(
                fr="Le problème n’est pas réglé : l’équipe reprend le signalement.",
                en="The problem is not resolved: the team is working on it again.",
            ),
        ),
        State(
            code="waiting",
            title=Text(fr="En attente d’une précision", en="Waiting for details"),
            phase=Phase.WAITING_FOR_YOU,
            story=Text(
                fr=(
                    "Il nous manque une précision pour continuer. Si ce signalement est le vôtre, répondez à notre "
                    "question."
                ),
                en="We need one more detail to continue. If this report is yours, please answer our question.",
            ),
            timers=(Timer(transition="close_unanswered", days=DAYS_TO_ANSWER),),
        ),
    )


def ends(words: Words) -> tuple[State, ...]:
    """How a report may end."""
    return (
        State(
            code="resolved",
            title=Text(fr="Réglée", en="Resolved"),
            phase=Phase.DECIDED,
            story=words.done,
            timers=(Timer(transition="close", days=DAYS_TO_OBJECT),),
        ),
        State(
            code="closed",
            title=Text(fr="Fermée", en="Closed"),
            phase=Phase.CLOSED,
            story=Text(
                fr="Le problème est réglé et le signalement est fermé. Merci de nous avoir écrit.",
                en="The problem is resolved and the report is closed. Thank you for writing to us.",
            ),
        ),
        State(
            code="unanswered",
            title=Text(fr="Fermée sans réponse", en="Closed without an answer"),
            phase=Phase.CLOSED,
            story=Text(
                fr=(
                    "Nous n’avons pas reçu la précision demandée et le signalement est fermé. Une réponse suffit "
                    "pour le "
                    "rouvrir."
                ),
                en=(
                    "We did not receive the detail we asked for and the report is closed. An answer is enough to "
                    "reopen "
                    "it."
                ),
            ),
        ),
        State(
            code="refused",
            title=Text(fr="Sans suite", en="No action"),
            phase=Phase.CLOSED,
            story=Text(
                fr="La Ville n’interviendra pas. La raison est expliquée dans l’historique.",
                en="The town will not take action. The reason is explained in the history.",
            ),
        ),
        State(
            code="not_ours",
            title=Text(fr="Relève d’un autre organisme", en="Another organization’s responsibility"),
            phase=Phase.CLOSED,
            story=Text(
                fr=(
                    "L’endroit ou l’équipement relève d’un autre organisme, dont les coordonnées sont dans "
                    "l’historique."
                ),
                en="The place or equipment belongs to another organization, whose contact details are in the history.",
            ),
        ),
        State(
            code="duplicate",
            title=Text(fr="Déjà signalée", en="Already reported"),
            phase=Phase.CLOSED,
            story=Text(
                fr="Le problème avait déjà été signalé. Suivez la requête indiquée dans l’historique.",
                en="The problem had already been reported. Follow the request named in the history.",
            ),
        ),
        State(
            code="withdrawn",
            title=Text(fr="Retirée", en="Withdrawn"),
            phase=Phase.CLOSED,
            story=Text(
                fr="La personne qui avait fait le signalement l’a retiré.",
                en="The person who made the report withdrew it.",
            ),
        ),
    )
