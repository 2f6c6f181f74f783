"""The request to see, correct or erase what a town holds about a person, answered within the days of the law."""

from parvis_sdk.conditions import Is
from parvis_sdk.decisions import answer, question, withdrawal
from parvis_sdk.fields import PERSONAL, LongText, OneOf, Option
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, Retention, ServiceLevel, Theme, Visibility
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow, reason_form

CODE = "personal_information"
ERASE, CORRECT, SEE = "erase", "correct", "see"
DAYS = 20  # Act respecting access to documents held by public bodies, sections 47 and 98

WISHES = Section(
    code="wish",
    title=Text(fr="Votre demande", en="Your request"),
    fields=(
        OneOf(
            code="wish",
            label=Text(fr="Que voulez-vous?", en="What would you like?"),
            options=(
                Option(
                    code=SEE,
                    label=Text(
                        fr="Savoir quels renseignements vous avez sur moi",
                        en="To know what information you hold about me",
                    ),
                ),
                Option(
                    code=CORRECT, label=Text(fr="Faire corriger un renseignement", en="To have something corrected")
                ),
                Option(
                    code=ERASE, label=Text(fr="Faire effacer mes renseignements", en="To have my information erased")
                ),
            ),
        ),
        LongText(
            code="correction",
            label=Text(fr="Qu’est-ce qui est inexact, et quoi écrire?", en="What is wrong, and what should it say?"),
            max_length=4000,
            rows=5,
            show_when=Is(field="wish", value=CORRECT),
            privacy=PERSONAL,
        ),
        LongText(
            code="words",
            label=Text(fr="Précisions", en="Anything to add"),
            help=Text(
                fr="Par exemple les numéros des requêtes dont il s’agit.",
                en="For example the numbers of the requests concerned.",
            ),
            required=False,
            max_length=4000,
            rows=4,
            privacy=PERSONAL,
        ),
    ),
)

LIFE = Workflow(
    states=(
        State(
            code="received",
            title=Text(fr="Reçue", en="Received"),
            phase=Phase.RECEIVED,
            story=Text(
                fr="La personne responsable des renseignements personnels a reçu votre demande.",
                en="The person in charge of personal information has received your request.",
            ),
        ),
        State(
            code="examined",
            title=Text(fr="À l’étude", en="Under study"),
            phase=Phase.IN_PROGRESS,
            story=Text(fr="Nous étudions votre demande.", en="We are studying your request."),
        ),
        State(code="waiting", title=Text(fr="En attente de vous", en="Waiting for you"), phase=Phase.WAITING_FOR_YOU),
        State(
            code="granted",
            title=Text(fr="Acceptée", en="Granted"),
            phase=Phase.CLOSED,
            story=Text(fr="C’est fait. La réponse est ci-dessous.", en="It is done. The answer is below."),
        ),
        State(
            code="refused",
            title=Text(fr="Refusée en tout ou en partie", en="Refused in whole or in part"),
            phase=Phase.CLOSED,
            story=Text(
                fr="La réponse dit pourquoi, et comment demander une révision à la Commission d’accès à l’information.",
                en="The answer says why, and how to ask the Commission d’accès à l’information for a review.",
            ),
        ),
        State(code="withdrawn", title=Text(fr="Retirée", en="Withdrawn"), phase=Phase.CLOSED),
    ),
    transitions=(
        Transition(
            code="examine",
            title=Text(fr="Commencer l’étude", en="Begin the study"),
            sources=("received",),
            target="examined",
        ),
        question(("received", "examined"), code="ask", title=Text(fr="Demander une précision", en="Ask a question")),
        answer(("waiting",), "examined"),
        Transition(
            code="grant",
            title=Text(fr="Accepter", en="Grant"),
            sources=("received", "examined"),
            target="granted",
            asks=reason_form(Text(fr="Ce qui a été fait", en="What was done")),
            tone="primary",
        ),
        Transition(
            code="refuse",
            title=Text(fr="Refuser en tout ou en partie", en="Refuse in whole or in part"),
            sources=("received", "examined"),
            target="refused",
            asks=reason_form(Text(fr="Motif et recours", en="Reason and recourse")),
            tone="warning",
        ),
        withdrawal(
            ("received", "examined", "waiting"),
            title=Text(fr="Retirer ma demande", en="Withdraw my request"),
            by=("requester",),
        ),
    ),
)

PERSONAL_INFORMATION = RequestType(
    code=CODE,
    title=Text(fr="Mes renseignements personnels", en="My personal information"),
    summary=Text(
        fr="Connaître les renseignements que la Ville a sur vous, les faire corriger ou effacer.",
        en="Find out what information the town has about you, or have it corrected or erased.",
    ),
    slug=Text(fr="renseignements-personnels", en="personal-information"),
    theme=Theme(
        code="privacy",
        title=Text(fr="Vie privée", en="Privacy"),
        slug=Text(fr="vie-privee", en="privacy"),
        icon="lock",
    ),
    icon="lock",
    opened_by="town",  # and by those whose address was verified
    form=Form(sections=(WISHES,)),
    workflow=LIFE,
    place=PlaceRule(need="none"),
    identity=IdentityRule(modes=("named",)),
    service_levels=(
        ServiceLevel(
            code="law",
            title=Text(fr="Réponse dans le délai légal de 20 jours", en="Answer within the statutory limit of 20 days"),
            hours=24 * DAYS,
            until="closed",
        ),
    ),
    retention=Retention(
        days=3 * 365,
        rule=Text(
            fr="preuve de la réponse à une demande d’accès ou de rectification",
            en="proof of the answer to an access or correction request",
        ),
    ),
    visibility=Visibility(public=False),
)
