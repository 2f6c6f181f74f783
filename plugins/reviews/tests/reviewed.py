"""A request type whose works are reviewed by several units and an outside body, for tests of every room."""

from dataclasses import replace

from msgspec import structs

from parvis.requests.host import Host
from parvis_reviews.town_reviewers import REVIEWERS, Reviewer
from parvis_sdk.conditions import Is
from parvis_sdk.fields import PERSONAL, PUBLIC, File, LongText, Number, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, RequestType, Retention, Theme
from parvis_sdk.requests import Phase
from parvis_sdk.reviews import Review, Task
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow


def said(fr: str, en: str = "") -> Text:
    return Text(fr=fr, en=en or fr)


HYDRANT = Form(
    sections=(
        Section(
            code="hydrant",
            title=said("Bornes", "Hydrants"),
            fields=(
                YesNo(code="hydrant", label=said("Borne à moins de 90 m ?", "Hydrant within 90 m?"), required=False),
            ),
        ),
    )
)
REVIEW = Review(
    code="opinions",
    title=said("Avis", "Opinions"),
    tasks=(
        Task(code="zoning", title=said("Zonage", "Zoning"), unit="planning", shows=("cost",)),
        Task(
            code="fire",
            title=said("Incendie", "Fire"),
            unit="public_works",
            days=5,
            shows=("cost", "plan"),
            asks=HYDRANT,
            readers=(),
        ),
        Task(code="engineer", title=said("Génie", "Engineering"), after=("zoning", "fire"), shows=("cost",)),
        Task(
            code="outside",
            title=said("Sécurité", "Safety"),
            days=5,
            when=Is("outside", True),
            shows=("cost", "plan"),
            asks=HYDRANT,
        ),
        Task(code="pool", title=said("Piscine", "Pool"), when=Is("pool", True), readers=("deciders", "requester")),
    ),
)
STATES = (
    State(code="received", title=said("Reçue", "Received"), phase=Phase.RECEIVED),
    State(
        code="reviewing",
        title=said("En examen", "Under review"),
        phase=Phase.IN_PROGRESS,
        brings=("review.opinions.open",),
    ),
    State(code="deciding", title=said("À décider", "To decide"), phase=Phase.IN_PROGRESS),
    State(code="granted", title=said("Accordée", "Granted"), phase=Phase.DECIDED),
    State(code="gone", title=said("Retirée", "Withdrawn"), phase=Phase.CLOSED),
)
MOVES = (
    Transition(code="begin", title=said("Étudier", "Review"), sources=("received",), target="reviewing"),
    Transition(
        code="conclude",
        title=said("Conclure", "Conclude"),
        sources=("reviewing",),
        target="deciding",
        by=("system",),
        after=("review.opinions.done",),
    ),
    Transition(
        code="begin_again", title=said("Étudier de nouveau", "Review again"), sources=("deciding",), target="reviewing"
    ),
    Transition(code="put_back", title=said("Remettre", "Put back"), sources=("reviewing",), target="received"),
    Transition(code="grant", title=said("Accorder", "Grant"), sources=("deciding",), target="granted"),
    Transition(code="close", title=said("Fermer", "Close"), sources=("granted",), target="gone"),
    Transition(
        code="withdraw",
        title=said("Retirer", "Withdraw"),
        sources=("received", "reviewing", "deciding"),
        target="gone",
        by=("requester",),
    ),
)
QUESTIONS = Form(
    sections=(
        Section(
            code="what",
            title=said("Les travaux", "The works"),
            fields=(
                YesNo(code="outside", label=said("À l’extérieur ?", "Outside?"), required=False, privacy=PUBLIC),
                YesNo(code="pool", label=said("Piscine ?", "Pool?"), privacy=PUBLIC),
                Number(code="cost", label=said("Coût", "Cost"), privacy=PUBLIC),
                LongText(code="secret", label=said("Autre chose", "Something else"), required=False),
                ShortText(code="owner", label=said("Propriétaire", "Owner"), required=False, privacy=PERSONAL),
                File(code="plan", label=said("Plan"), required=False),
            ),
        ),
    )
)


def reviewers(host: Host, town: str = "parvis", **given: Reviewer) -> Host:
    """The same host in whose town these give the opinions, whatever the town itself says."""
    jurisdictions = host.jurisdictions
    changed = REVIEWERS.put(jurisdictions.by_code[town], given)
    return replace(host, jurisdictions=structs.replace(jurisdictions, by_code={**jurisdictions.by_code, town: changed}))


def reviewed_type(*reviews: Review) -> RequestType:
    """Works that cannot be decided before these reviews are done."""
    return RequestType(
        code="works",
        title=said("Travaux", "Works"),
        summary=said("Des travaux", "Some works"),
        slug=said("travaux", "works"),
        theme=Theme(code="streets", title=said("Rues", "Streets"), slug=said("rues", "streets")),
        form=QUESTIONS,
        workflow=Workflow(states=STATES, transitions=MOVES),
        identity=IdentityRule(modes=("named",)),
        retention=Retention(days=365),
        parts=reviews or (REVIEW,),
    )
