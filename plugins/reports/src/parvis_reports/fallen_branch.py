"""The report of a branch or a tree that has fallen, or is about to."""

from parvis_reports import abouts
from parvis_reports.messages import report_messages
from parvis_reports.promises import TWO_YEARS, standard, within_a_day
from parvis_reports.questions import call_911, show_and_tell
from parvis_reports.states import Words
from parvis_reports.themes import GREEN
from parvis_reports.workflow import report_workflow
from parvis_sdk.conditions import Includes, Is, Some
from parvis_sdk.fields import PUBLIC, OneOf, Option, SeveralOf, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, Visibility
from parvis_sdk.text import Text

WIRES = Is(field="wires", value=True)
DANGEROUS = Some(parts=(WIRES, Includes(field="blocks", value="street"), Is(field="what", value="hanging")))

TREE = Section(
    code="tree",
    title=Text(fr="La branche ou l’arbre", en="The branch or tree"),
    fields=(
        OneOf(
            code="what",
            label=Text(fr="Que voyez-vous?", en="What do you see?"),
            options=(
                Option(
                    code="branch", label=Text(fr="Une ou des branches au sol", en="One or more branches on the ground")
                ),
                Option(code="hanging", label=Text(fr="Une branche cassée qui pend", en="A broken branch hanging down")),
                Option(code="tree", label=Text(fr="Un arbre tombé ou déraciné", en="A fallen or uprooted tree")),
            ),
            privacy=PUBLIC,
        ),
        OneOf(
            code="thickness",
            label=Text(fr="De quelle grosseur, à la base?", en="How thick, at the base?"),
            required=False,
            options=(
                Option(code="arm", label=Text(fr="Comme un bras ou moins", en="Like an arm or less")),
                Option(code="leg", label=Text(fr="Comme une cuisse", en="Like a thigh")),
                Option(code="trunk", label=Text(fr="Plus grosse encore", en="Thicker still")),
            ),
            privacy=PUBLIC,
        ),
        SeveralOf(
            code="blocks",
            label=Text(fr="Qu’est-ce qui est bloqué?", en="What is blocked?"),
            help=Text(fr="Cochez tout ce qui s’applique, ou rien.", en="Tick all that apply, or none."),
            required=False,
            options=(
                Option(code="street", label=Text(fr="La rue", en="The street")),
                Option(code="sidewalk", label=Text(fr="Le trottoir", en="The sidewalk")),
                Option(code="cycle_path", label=Text(fr="La piste cyclable", en="The cycle path")),
                Option(
                    code="driveway",
                    label=Text(fr="Une entrée de garage ou de bâtiment", en="A driveway or a building entrance"),
                ),
                Option(code="car", label=Text(fr="Une auto est coincée ou abîmée", en="A car is trapped or damaged")),
            ),
            privacy=PUBLIC,
        ),
        YesNo(
            code="wires",
            label=Text(fr="Touche-t-elle à des fils électriques?", en="Is it touching electric wires?"),
            help=Text(fr="Ou est-elle tombée tout près de fils.", en="Or did it fall very close to wires."),
            privacy=PUBLIC,
        ),
        call_911(
            WIRES,
            Text(
                fr=(
                    "Tenez-vous à plus de dix mètres et ne touchez à rien : un fil au sol peut être sous tension. Si "
                    "la rue est bloquée ou si quelqu’un est en danger, appelez le 911."
                ),
                en=(
                    "Keep more than ten metres away and touch nothing: a wire on the ground may be live. If the "
                    "street is blocked or someone is in danger, call 911."
                ),
            ),
        ),
        OneOf(
            code="tree_owner",
            label=Text(fr="À qui est l’arbre?", en="Whose tree is it?"),
            required=False,
            options=(
                Option(
                    code="town",
                    label=Text(fr="À la Ville : rue, parc, trottoir", en="The town’s: street, park, sidewalk"),
                ),
                Option(
                    code="private",
                    label=Text(
                        fr="À un particulier : cour, terrain privé", en="A private owner’s: yard, private property"
                    ),
                ),
                Option(code="unknown", label=Text(fr="Je ne sais pas", en="I do not know")),
            ),
        ),
    ),
)

WORDS = Words(
    planned=Text(
        fr="L’enlèvement de la branche ou de l’arbre est planifié.",
        en="The removal of the branch or tree is planned.",
    ),
    working=Text(fr="Une équipe d’élagage est en route ou sur place.", en="A tree crew is on its way or on site."),
    done=Text(
        fr="Une équipe est passée dégager l’endroit. Le bois restant peut être ramassé un peu plus tard.",
        en="A crew came by and cleared the place. Remaining wood may be picked up a little later.",
    ),
    grounds=(
        Option(
            code="private_tree",
            label=Text(fr="Arbre privé : au propriétaire d’agir", en="Private tree: for its owner to act"),
        ),
        Option(
            code="tied_for_collection",
            label=Text(fr="Branches destinées à la collecte", en="Branches meant for collection"),
        ),
    ),
)

FALLEN_BRANCH = RequestType(
    code="fallen_branch",
    title=Text(fr="Branche ou arbre tombé", en="Fallen branch or tree"),
    summary=Text(
        fr="Une branche au sol, une branche cassée qui pend ou un arbre tombé.",
        en="A branch on the ground, a broken branch hanging down or a fallen tree.",
    ),
    slug=Text(fr="branche-tombee", en="fallen-branch"),
    theme=GREEN,
    icon="tree",
    about=abouts.FALLEN_BRANCH,
    form=Form(
        sections=(
            TREE,
            show_and_tell(
                Text(
                    fr="De loin et sans passer sous l’arbre.", en="From a distance, and without going under the tree."
                ),
                Text(fr="Tombée cette nuit pendant l’orage.", en="Fell last night during the storm."),
            ),
        )
    ),
    workflow=report_workflow(WORDS),
    place=PlaceRule(label=Text(fr="Où est la branche ou l’arbre?", en="Where is the branch or tree?")),
    identity=IdentityRule(modes=("named", "anonymous")),
    service_levels=(within_a_day(DANGEROUS), standard(5)),
    retention=TWO_YEARS,
    visibility=Visibility(similar_within=60, similar_days=14),
    messages=report_messages(
        WORDS,
        received=Text(
            fr=(
                "L’équipe des arbres va dégager l’endroit au plus tard le {promised}. Après une tempête, les rues "
                "bloquées et les fils passent en premier."
            ),
            en=(
                "The tree crew will clear the place by {promised}. After a storm, blocked streets and wires come first."
            ),
        ),
    ),
    keywords=(
        Text(
            fr="branche tombée, branches cassées, branche dans la rue, grosse branche",
            en="fallen branch, broken branches, branch in the road, big branch down, limb",
        ),
        Text(fr="arbre tombé, arbre déraciné, arbre couché, tronc", en="fallen tree, tree down, uprooted tree, trunk"),
        Text(
            fr="branche qui pend, branche suspendue, va tomber, danger, dangereux",
            en="hanging branch, about to fall, loose limb, dangerous",
        ),
        Text(
            fr="tempête, orage, vent, verglas, bloque la rue, trottoir bloqué",
            en="storm, wind, ice storm, blocking the street, blocks the sidewalk",
        ),
        Text(
            fr="branche sur les fils, fil électrique, arbre sur une auto",
            en="branch on wires, power line, tree on a car",
        ),
        Text(fr="ramasser des branches, élagage, émondage, parc", en="pick up branches, pruning, trimming, park"),
        Text(
            fr="arbre arraché, arbre cassé, arbre en travers de la rue, arbre par terre, arbre qui bloque, "
            "menace de tomber",
            en="tree came down, tree snapped, tree across the road, tree blocking the road, dangling branch",
        ),
    ),
    unlike=(
        Text(
            fr="panneau d’arrêt, panneau de signalisation, poteau tombé, clôture tombée",
            en="stop sign, street sign, fallen fence",
        ),
    ),
    prepare=Text(
        fr="L’adresse la plus proche et ce qui est bloqué. Ne vous approchez pas des fils.",
        en="The nearest address and what is blocked. Do not go near the wires.",
    ),
)
