"""Ready-made parts for a first plugin: a form with one section, a simple workflow, a theme."""

from parvis_sdk.decisions import answer, closure, lapse, question, withdrawal
from parvis_sdk.fields import AnyField
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import Theme
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Timer, Transition, Workflow, reason_form

STREETS = Theme(
    code="streets",
    title=Text(fr="Rues et trottoirs", en="Streets and sidewalks"),
    slug=Text(fr="rues", en="streets"),
    icon="road",
)


def form(*fields: AnyField, title: Text | None = None) -> Form:
    """A form of one section with these questions.

    >>> from parvis_sdk.fields import YesNo
    >>> form(YesNo(code="danger", label=Text(fr="Est-ce dangereux?", en="Is it dangerous?"))).read({"danger": "non"})
    FormAnswers(answers={'danger': False}, attachments=())
    """
    asked = title or Text(fr="Votre requête", en="Your request")
    return Form(sections=(Section(code="request", title=asked, fields=fields),))


WORKFLOW = Workflow(
    states=(
        State(
            code="received",
            title=Text(fr="Reçue", en="Received"),
            phase=Phase.RECEIVED,
            story=Text(fr="Nous avons reçu votre requête.", en="We have received your request."),
        ),
        State(
            code="in_progress",
            title=Text(fr="En traitement", en="In progress"),
            phase=Phase.IN_PROGRESS,
            story=Text(fr="Nous y travaillons.", en="We are working on it."),
        ),
        State(
            code="waiting",
            title=Text(fr="En attente de vous", en="Waiting for you"),
            phase=Phase.WAITING_FOR_YOU,
            story=Text(fr="Nous avons besoin de votre réponse.", en="We need your answer."),
            timers=(Timer(transition="close_unanswered", days=30),),
        ),
        State(
            code="resolved",
            title=Text(fr="Réglée", en="Resolved"),
            phase=Phase.DECIDED,
            story=Text(fr="C’est fait.", en="It is done."),
            timers=(Timer(transition="close", days=14),),
        ),
        State(code="closed", title=Text(fr="Fermée", en="Closed"), phase=Phase.CLOSED),
        State(
            code="withdrawn",
            title=Text(fr="Retirée", en="Withdrawn"),
            phase=Phase.CLOSED,
            story=Text(fr="Vous avez retiré cette requête.", en="You withdrew this request."),
        ),
    ),
    transitions=(
        Transition(
            code="start",
            title=Text(fr="Commencer", en="Start"),
            sources=("received",),
            target="in_progress",
            by=("agent", "manager", "system"),
            tone="primary",
        ),
        Transition(
            code="resolve",
            title=Text(fr="Régler", en="Resolve"),
            sources=("received", "in_progress"),
            target="resolved",
            by=("agent", "manager", "system"),
            asks=reason_form(Text(fr="Ce qui a été fait", en="What was done"), required=False),
            tone="primary",
        ),
        question(("received", "in_progress")),
        answer(("waiting",), "in_progress", by=("requester", "agent"), tell=False),
        Transition(
            code="refuse",
            title=Text(fr="Refuser", en="Refuse"),
            sources=("received", "in_progress", "waiting"),
            target="closed",
            asks=reason_form(),
            tone="warning",
        ),
        lapse(target="closed", title=Text(fr="Fermer sans réponse", en="Close unanswered"), by=("system",)),
        closure(("resolved",), by=("system", "agent")),
        Transition(
            code="not_fixed",
            title=Text(fr="Ce n’est pas réglé", en="It is not fixed"),
            sources=("resolved", "closed"),
            target="in_progress",
            by=("requester",),
            asks=reason_form(Text(fr="Ce qui ne va pas", en="What is wrong"), required=False),
        ),
        withdrawal(("received", "in_progress", "waiting"), by=("requester",)),
    ),
)
