"""A kind of file that is asked to be completed: what tests of supplements share."""

from msgspec import structs

from parvis_sdk.conditions import Is
from parvis_sdk.fields import PERSONAL, Date, File, LongText, OneOf, Option, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.parties import PartyRole
from parvis_sdk.request_types import RequestType, Retention, ServiceLevel, Theme
from parvis_sdk.requests import Phase
from parvis_sdk.supplements import Point, Reason, Supplement
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow, reason_form

PLAN = Point(field="plan", reason="unreadable")
WHEN = Point(field="begins", words="Cette date est un dimanche.")


def said(fr: str, en: str = "") -> Text:
    return Text(fr=fr, en=en or fr)


def option(code):
    return Option(code=code, label=said(code))


FIELDS = (
    OneOf(code="work", label=said("Travaux", "Work"), options=(option("shed"), option("pool"))),
    ShortText(code="fence", label=said("Clôture", "Fence"), show_when=Is(field="work", value="pool")),
    Date(code="begins", label=said("Début", "Begins"), earliest=0),
    LongText(code="words", label=said("Décrivez", "Describe"), required=False),
    ShortText(code="owner", label=said("Propriétaire", "Owner"), required=False, privacy=PERSONAL),
    File(code="plan", label=said("Plan d’implantation", "Site plan"), most=3),
)
STATES = (
    State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
    State(code="incomplete", title=said("À compléter", "To complete"), phase=Phase.WAITING_FOR_YOU),
    State(code="studied", title=said("À l’étude", "Studied"), phase=Phase.IN_PROGRESS),
    State(code="refused", title=said("Refusée", "Refused"), phase=Phase.DECIDED),
    State(code="given_up", title=said("Abandonnée", "Abandoned"), phase=Phase.CLOSED),
)
MOVES = (
    Transition(
        code="complete",
        title=said("Demander des compléments", "Ask for supplements"),
        sources=("received", "studied"),
        target="incomplete",
        asks=reason_form(required=False),
        brings=("supplement.completeness.asked",),
    ),
    Transition(
        code="resume",
        title=said("Reprendre", "Resume"),
        sources=("incomplete",),
        target="studied",
        by=("system", "agent"),
        after=("supplement.completeness.answered",),
        tell=False,
    ),
    Transition(code="refuse", title=said("Refuser", "Refuse"), sources=("incomplete", "studied"), target="refused"),
    Transition(
        code="give_up",
        title=said("Abandonner", "Abandon"),
        sources=("incomplete",),
        target="given_up",
        by=("system",),
        after=("supplement.completeness.abandoned",),
    ),
    Transition(code="close", title=said("Fermer"), sources=("refused",), target="given_up"),
    Transition(
        code="take_up",
        title=said("Rouvrir", "Take up again"),
        sources=("given_up",),
        target="incomplete",
        by=("agent", "requester"),
        brings=("supplement.completeness.asked",),
    ),
)
COMPLETENESS = Supplement(
    code="completeness",
    title=said("Compléments", "Supplements"),
    days=30,
    abandon_after=30,
    reasons=(
        Reason(
            code="unreadable",
            title=said("Illisible", "Unreadable"),
            words=said("Le document « {question} » est illisible.", "The document “{question}” cannot be read."),
            fields=("plan",),
        ),
        Reason(
            code="lacks",
            title=said("Il manque", "It lacks"),
            words=said("Il y manque {detail}.", "It lacks {detail}."),
        ),
    ),
)
FILE = RequestType(
    code="file",
    title=said("Dossier", "File"),
    summary=said("Un dossier", "A file"),
    slug=said("dossier", "file"),
    theme=Theme(code="works", title=said("Travaux", "Works"), slug=said("travaux", "works")),
    form=Form(sections=(Section(code="what", title=said("Quoi"), fields=FIELDS),)),
    workflow=Workflow(states=STATES, transitions=MOVES),
    service_levels=(ServiceLevel(code="usual", title=said("20 jours"), business_days=20, until="decided"),),
    retention=Retention(days=365),
    parts=(COMPLETENESS,),
)
ANSWERED = "supplement.completeness.answered"
LEVELS = (
    ServiceLevel(code="reading", title=said("Lecture"), business_hours=14, until="in_progress", internal=True),
    ServiceLevel(
        code="pool",
        title=said("Piscine"),
        business_days=10,
        until="decided",
        since="studied",
        statutory=True,
        when=Is(field="work", value="pool"),
    ),
    ServiceLevel(code="legal", title=said("Légal"), business_days=20, until="decided", since="studied", statutory=True),
    ServiceLevel(code="reread", title=said("Relecture"), hours=48, until="decided", since=ANSWERED, internal=True),
    ServiceLevel(code="whole", title=said("En tout"), hours=24 * 90, until="closed", pauses=False),
)
LEGAL = structs.replace(
    FILE,
    service_levels=LEVELS,
    workflow=structs.replace(
        FILE.workflow,
        transitions=tuple(
            structs.replace(move, sources=("received", "incomplete")) if move.code == "resume" else move
            for move in FILE.workflow.transitions
        ),
    ),
    parties=(
        PartyRole(code="owner", title=said("Propriétaire", "Owner"), may=("personal", "messages", "act", "invite")),
        PartyRole(code="contractor", title=said("Entrepreneur", "Contractor"), may=("answer",), days=90, most=1),
        PartyRole(code="agent", title=said("Mandataire", "Agent"), may=("answer", "act", "messages"), mandate=True),
    ),
)
