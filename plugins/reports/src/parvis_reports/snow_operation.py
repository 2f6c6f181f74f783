"""Snow clearing under way: declared by the town, followed by residents, who are told when it is over."""

from parvis_reports.promises import TWO_YEARS
from parvis_reports.themes import SNOW
from parvis_sdk.about import Operation
from parvis_sdk.fields import PUBLIC, Date, LongText, OneOf, Option, Time
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, Message, PlaceRule, RequestType, Visibility
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow

WHAT = Section(
    code="what",
    title=Text(fr="L’opération", en="The operation"),
    fields=(
        OneOf(
            code="work",
            label=Text(fr="Que fait-on?", en="What is being done?"),
            options=(
                Option(code="plowing", label=Text(fr="Déblaiement des rues et trottoirs", en="Plowing")),
                Option(code="loading", label=Text(fr="Chargement de la neige", en="Snow loading")),
                Option(code="spreading", label=Text(fr="Épandage d’abrasifs", en="Spreading of grit and salt")),
            ),
            privacy=PUBLIC,
        ),
        Date(
            code="ends_on",
            label=Text(fr="Jour de fin prévu", en="Expected last day"),
            earliest=0,
            latest=30,
            privacy=PUBLIC,
        ),
        Time(code="ends_at", label=Text(fr="Heure de fin prévue", en="Expected end time"), privacy=PUBLIC),
        LongText(
            code="words",
            label=Text(fr="Ce que les résidents doivent savoir", en="What residents should know"),
            required=False,
            max_length=1000,
            privacy=PUBLIC,
        ),
    ),
)
UNDER_WAY = State(
    code="under_way",
    title=Text(fr="En cours", en="Under way"),
    phase=Phase.IN_PROGRESS,
    story=Text(fr="L’opération de déneigement est en cours.", en="The snow clearing operation is under way."),
)
OVER = State(
    code="over",
    title=Text(fr="Terminée", en="Over"),
    phase=Phase.CLOSED,
    story=Text(fr="L’opération de déneigement est terminée.", en="The snow clearing operation is over."),
)
CALLED_OFF = State(
    code="called_off",
    title=Text(fr="Annulée", en="Called off"),
    phase=Phase.CLOSED,
    story=Text(fr="L’opération de déneigement est annulée.", en="The snow clearing operation is called off."),
)

SNOW_OPERATION = RequestType(
    code="snow_operation",
    title=Text(fr="Opération de déneigement", en="Snow clearing operation"),
    summary=Text(
        fr="Un déblaiement, un chargement ou un épandage que les résidents peuvent suivre.",
        en="Plowing, loading or spreading that residents can follow.",
    ),
    slug=Text(fr="operation-de-deneigement", en="snow-clearing-operation"),
    theme=SNOW,
    icon="snow",
    form=Form(sections=(WHAT,)),
    workflow=Workflow(
        states=(UNDER_WAY, OVER, CALLED_OFF),
        transitions=(
            Transition(
                code="end",
                title=Text(fr="Terminer l’opération", en="End the operation"),
                sources=("under_way",),
                target="over",
                help=Text(fr="Les personnes qui la suivent sont avisées.", en="The people who follow it are notified."),
                tone="primary",
            ),
            Transition(
                code="resume",
                title=Text(fr="Reprendre l’opération", en="Resume the operation"),
                sources=("over", "called_off"),
                target="under_way",
            ),
            Transition(
                code="call_off",
                title=Text(fr="Annuler l’opération", en="Call the operation off"),
                sources=("under_way",),
                target="called_off",
                tone="warning",
            ),
        ),
    ),
    place=PlaceRule(need="none"),
    identity=IdentityRule(modes=("anonymous",), contact=False),
    retention=TWO_YEARS,
    visibility=Visibility(similar_within=0),
    messages=(
        Message(
            on="end",
            subject=Text(fr="Déneigement terminé ({reference})", en="Snow clearing over ({reference})"),
            body=Text(
                fr=(
                    "L’opération de déneigement que vous suivez est terminée. Il reste de la neige ou de la glace à un "
                    "endroit? Vous pouvez maintenant la signaler.\n\n{link}"
                ),
                en=(
                    "The snow clearing operation that you follow is over. Is there snow or ice left somewhere? You may "
                    "report it now.\n\n{link}"
                ),
            ),
        ),
        Message(
            on="call_off",
            subject=Text(fr="Déneigement annulé ({reference})", en="Snow clearing called off ({reference})"),
            body=Text(
                fr="L’opération de déneigement que vous suivez est annulée.\n\n{link}",
                en="The snow clearing operation that you follow is called off.\n\n{link}",
            ),
        ),
    ),
    keywords=(Text(fr="opération en cours, chargement, déblaiement", en="operation under way, loading, plowing"),),
    opened_by="town",
    operation=Operation(ends_on="ends_on", ends_at="ends_at"),
)
