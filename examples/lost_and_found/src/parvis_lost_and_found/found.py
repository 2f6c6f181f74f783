"""A found item: brought in, kept for ninety days, reserved for its claimant, returned, or disposed of."""

from parvis_lost_and_found.questions import FOUND_FORM
from parvis_lost_and_found.theme import DAYS_KEPT, MOST_METRES, THEME
from parvis_sdk.request_types import PlaceRule, RequestType, Retention, ServiceLevel, Visibility
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Timer, Transition, Workflow

WORKFLOW = Workflow(
    states=(
        State(
            code="kept",
            title=Text(fr="Gardé", en="Kept"),
            phase=Phase.RECEIVED,
            story=Text(fr="L’objet est gardé quatre-vingt-dix jours.", en="The thing is kept for ninety days."),
            timers=(Timer(transition="dispose", days=DAYS_KEPT),),
        ),
        State(code="set_aside", title=Text(fr="Réservé", en="Set aside"), phase=Phase.IN_PROGRESS),
        State(code="handed_back", title=Text(fr="Remis", en="Handed back"), phase=Phase.CLOSED),
        State(code="disposed", title=Text(fr="Éliminé ou donné", en="Disposed of"), phase=Phase.CLOSED),
    ),
    transitions=(
        Transition(
            code="set_aside",
            title=Text(fr="Réserver à qui le réclame", en="Set aside for who claims it"),
            sources=("kept",),
            target="set_aside",
            tell=False,
        ),
        Transition(
            code="keep_on",
            title=Text(fr="Garder de nouveau", en="Keep on"),
            sources=("set_aside",),
            target="kept",
            tell=False,
        ),
        Transition(
            code="hand_back",
            title=Text(fr="Remettre à son propriétaire", en="Hand back to its owner"),
            sources=("kept", "set_aside"),
            target="handed_back",
            tell=False,
        ),
        Transition(
            code="dispose",
            title=Text(fr="Éliminer ou donner", en="Dispose of"),
            sources=("kept",),
            target="disposed",
            by=("system", "agent"),
            tell=False,
        ),
    ),
)
FOUND = RequestType(
    code="found_thing",
    title=Text(fr="Objet trouvé", en="Found thing"),
    summary=Text(fr="Vous avez trouvé quelque chose dans la ville", en="You found something in the town"),
    slug=Text(fr="objet-trouve", en="found-thing"),
    theme=THEME,
    form=FOUND_FORM,
    workflow=WORKFLOW,
    place=PlaceRule(label=Text(fr="Où l’avez-vous trouvé?", en="Where did you find it?"), precision=MOST_METRES),
    service_levels=(
        ServiceLevel(code="standard", title=Text(fr="Garde de 90 jours", en="Kept for 90 days"), business_days=65),
    ),
    retention=Retention(days=365),
    visibility=Visibility(public=False),
)
