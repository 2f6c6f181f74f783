"""What every complaint may go through whatever it is about: questions, withdrawal, closing and reopening."""

from parvis_complaints import demands
from parvis_sdk.decisions import answer, closure, lapse, question, reopening, withdrawal
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Timer, Transition

DAYS_TO_ANSWER = 30
DAYS_TO_OBJECT = 30

TO_CLOSE = (Timer(transition="close", days=DAYS_TO_OBJECT),)

RECEIVED = State(
    code="received",
    title=Text(fr="Reçue", en="Received"),
    phase=Phase.RECEIVED,
    story=Text(
        fr="Votre plainte est reçue. L’équipe concernée va en prendre connaissance.",
        en="We have received your complaint. The team responsible will read it.",
    ),
)
TRIAGED = State(
    code="triaged",
    title=Text(fr="Prise en charge", en="Being handled"),
    phase=Phase.IN_PROGRESS,
    story=Text(
        fr="Votre plainte est recevable et l’équipe concernée s’en occupe.",
        en="We have accepted your complaint, and the team responsible is handling it.",
    ),
)
REOPENED = State(
    code="reopened",
    title=Text(fr="Rouverte", en="Reopened"),
    phase=Phase.IN_PROGRESS,
    story=Text(
        fr="Votre plainte est rouverte. L’équipe reprend le dossier et tient compte de ce qui a déjà été fait.",
        en="Your complaint is reopened. The team is working on the file again, with everything done so far.",
    ),
)
WAITING = State(
    code="waiting",
    title=Text(fr="En attente d’une précision", en="Waiting for details"),
    phase=Phase.WAITING_FOR_YOU,
    story=Text(
        fr="Nous avons besoin d’une précision de votre part pour continuer.",
        en="We need one more detail from you to continue.",
    ),
    timers=(Timer(transition="close_unanswered", days=DAYS_TO_ANSWER),),
)

CLOSED = State(
    code="closed",
    title=Text(fr="Fermée", en="Closed"),
    phase=Phase.CLOSED,
    story=Text(
        fr="La plainte est fermée. Si le problème recommence, vous pouvez nous le dire sous le même numéro.",
        en="The complaint is closed. If the problem starts again, you can tell us under the same number.",
    ),
)
UNANSWERED = State(
    code="unanswered",
    title=Text(fr="Fermée sans réponse", en="Closed without an answer"),
    phase=Phase.CLOSED,
    story=Text(
        fr="Nous n’avons pas reçu la précision demandée. Une réponse suffit pour rouvrir le dossier.",
        en="We did not receive the detail we asked for. Your answer will reopen the file.",
    ),
)
NOT_OURS = State(
    code="not_ours",
    title=Text(fr="Relève d’un autre organisme", en="Another organization’s responsibility"),
    phase=Phase.CLOSED,
    story=Text(
        fr="Cette plainte relève d’un autre organisme, dont les coordonnées sont dans l’historique.",
        en="Another organization is responsible for this matter. Its contact details are in the history.",
    ),
)
WITHDRAWN = State(
    code="withdrawn",
    title=Text(fr="Retirée", en="Withdrawn"),
    phase=Phase.CLOSED,
    story=Text(fr="La plainte a été retirée à votre demande.", en="The complaint was withdrawn at your request."),
)

ENDS = (CLOSED, UNANSWERED, NOT_OURS, WITHDRAWN)


def conversation(at_work: tuple[str, ...], withdrawable: tuple[str, ...] = ()) -> tuple[Transition, ...]:
    """Questions and answers, and taking back, from the states in which somebody is at work.

    From the states of `withdrawable` a complaint may be taken back too, but no more questions are asked.
    """
    return (
        question(
            at_work,
            title=Text(fr="Demander une précision", en="Ask for details"),
            asks=demands.QUESTION,
            help=Text(
                fr="Le délai est suspendu jusqu’à la réponse. Sans réponse dans les trente jours, "
                "la plainte est fermée.",
                en="The response time is paused until there is an answer. If there is none within "
                "thirty days, the complaint is closed.",
            ),
        ),
        answer(
            ("waiting", "unanswered"),
            "triaged",
            title=Text(fr="Répondre à la question", en="Answer the question"),
            asks=demands.ANSWER,
        ),
        lapse(),
        Transition(
            code="not_ours",
            title=Text(fr="Diriger vers un autre organisme", en="Refer to another organization"),
            sources=at_work,
            target="not_ours",
            asks=demands.OWNER,
        ),
        withdrawal(
            (*at_work, *withdrawable, "waiting"),
            title=Text(fr="Retirer la plainte", en="Withdraw the complaint"),
            asks=demands.WITHDRAWAL,
        ),
    )


def closing(decided: tuple[str, ...]) -> tuple[Transition, ...]:
    """The quiet end of what is decided, and the way back for an agent."""
    return (
        closure(decided),
        reopening((*decided, "closed", "unanswered", "not_ours", "withdrawn"), asks=demands.REOPENING),
    )
