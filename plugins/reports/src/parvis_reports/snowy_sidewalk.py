"""The report of snow or ice left on a street or sidewalk, or of a windrow left in front of an entrance."""

from parvis_reports import abouts
from parvis_reports.messages import report_messages
from parvis_reports.promises import TWO_YEARS, standard
from parvis_reports.questions import show_and_tell
from parvis_reports.states import Words
from parvis_reports.themes import SNOW
from parvis_reports.workflow import report_workflow
from parvis_sdk.conditions import Is
from parvis_sdk.fields import PUBLIC, Number, OneOf, Option, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.text import Text

MOBILITY = Is(field="mobility", value=True)

GROUND = Section(
    code="ground",
    title=Text(fr="La neige ou la glace", en="The snow or ice"),
    fields=(
        OneOf(
            code="kind",
            label=Text(fr="Qu’est-ce qui n’a pas été déneigé?", en="What was not cleared?"),
            options=(
                Option(code="street", label=Text(fr="La rue", en="The street")),
                Option(code="sidewalk", label=Text(fr="Le trottoir", en="The sidewalk")),
                Option(
                    code="corner",
                    label=Text(fr="Le coin de rue ou le passage piéton", en="The street corner or the crosswalk"),
                ),
                Option(code="bus_stop", label=Text(fr="L’arrêt d’autobus", en="The bus stop")),
                Option(code="cycle_path", label=Text(fr="La piste cyclable", en="The cycle path")),
                Option(
                    code="windrow",
                    label=Text(fr="L’andain devant une entrée", en="The windrow in front of an entrance"),
                    help=Text(
                        fr="Le bourrelet de neige laissé par la charrue", en="The ridge of snow left by the plow"
                    ),
                ),
            ),
            privacy=PUBLIC,
        ),
        OneOf(
            code="condition",
            label=Text(fr="Quel est l’état des lieux?", en="What condition is it in?"),
            required=False,
            options=(
                Option(code="snow", label=Text(fr="Enneigé", en="Snowy")),
                Option(code="ice", label=Text(fr="Glacé ou glissant", en="Icy or slippery")),
                Option(code="both", label=Text(fr="Les deux", en="Both")),
                Option(code="piled", label=Text(fr="Neige poussée par quelqu’un", en="Snow pushed there by someone")),
            ),
            privacy=PUBLIC,
        ),
        Number(
            code="height",
            label=Text(fr="Quelle hauteur de neige, à peu près?", en="How high is the snow, roughly?"),
            example=Text(fr="40", en="40"),
            required=False,
            least=1,
            most=500,
            unit=Text(fr="cm", en="cm"),
            show_when=Is(field="kind", value="windrow"),
            privacy=PUBLIC,
        ),
        OneOf(
            code="side",
            label=Text(fr="De quel côté de la rue?", en="On which side of the street?"),
            required=False,
            options=(
                Option(code="even", label=Text(fr="Côté des adresses paires", en="Even-numbered side")),
                Option(code="odd", label=Text(fr="Côté des adresses impaires", en="Odd-numbered side")),
                Option(code="both", label=Text(fr="Des deux côtés", en="Both sides")),
                Option(code="unknown", label=Text(fr="Je ne sais pas", en="I do not know")),
            ),
            privacy=PUBLIC,
        ),
        # How somebody moves about is nobody else's business, hence never public.
        YesNo(
            code="mobility",
            label=Text(
                fr="Cela empêche-t-il une personne à mobilité réduite de passer?",
                en="Does it stop a person with reduced mobility from getting through?",
            ),
            help=Text(
                fr=(
                    "Fauteuil roulant, canne, marchette, poussette, vision réduite. Ces endroits sont déneigés en "
                    "priorité."
                ),
                en="Wheelchair, cane, walker, stroller, low vision. Such places are cleared first.",
            ),
        ),
    ),
)

WORDS = Words(
    planned=Text(fr="Un passage de déneigement ou d’épandage est prévu.", en="A plowing or spreading run is planned."),
    working=Text(fr="L’équipe de déneigement est en route ou sur place.", en="The snow crew is on its way or on site."),
    done=Text(fr="L’équipe de déneigement est passée.", en="The snow crew came by."),
    contractor=Text(
        fr="L’entrepreneur en déneigement a reçu le signalement et doit repasser.",
        en="The snow contractor has the report and is to come back.",
    ),
    grounds=(
        Option(
            code="operation_under_way",
            label=Text(fr="Opération en cours et dans les délais", en="Operation under way and on time"),
        ),
        Option(
            code="private_entrance",
            label=Text(
                fr="Entrée privée : au propriétaire de la dégager",
                en="Private entrance: for its owner to clear",
            ),
        ),
        Option(
            code="not_cleared_in_winter",
            label=Text(fr="Voie non déneigée en hiver", en="Not cleared in winter"),
        ),
    ),
)

SNOWY_SIDEWALK = RequestType(
    code="snowy_sidewalk",
    title=Text(fr="Neige ou glace non dégagée", en="Snow or ice not cleared"),
    summary=Text(
        fr="Une rue, un trottoir ou une entrée encore enneigés ou glissants après le déneigement.",
        en="A street, a sidewalk or an entrance still snowy or slippery after snow clearing.",
    ),
    slug=Text(fr="deneigement", en="snow-clearing"),
    theme=SNOW,
    icon="snow",
    about=abouts.SNOWY_SIDEWALK,
    operations=("snow_operation",),
    form=Form(
        sections=(
            GROUND,
            show_and_tell(
                Text(
                    fr="Une photo montre la hauteur de la neige ou l’étendue de la glace.",
                    en="A photo shows the height of the snow or the spread of the ice.",
                ),
                Text(fr="La chenillette est passée d’un seul côté.", en="The sidewalk plow passed on one side only."),
            ),
        )
    ),
    workflow=report_workflow(WORDS),
    place=PlaceRule(label=Text(fr="Où faut-il passer?", en="Where should we come?")),
    identity=IdentityRule(modes=("named", "anonymous")),
    service_levels=(
        ServiceLevel(
            code="mobility",
            title=Text(fr="Mobilité réduite : passage dégagé", en="Reduced mobility: way cleared"),
            hours=24,
            until="decided",
            when=MOBILITY,
        ),
        standard(3),
    ),
    retention=TWO_YEARS,
    visibility=Visibility(similar_within=100, similar_days=5),
    messages=report_messages(
        WORDS,
        received=Text(
            fr=(
                "L’équipe de déneigement passera au plus tard le {promised}. Pendant une tempête, les grandes "
                "artères, les trottoirs d’école et les parcours accessibles sont dégagés en premier."
            ),
            en=(
                "The snow crew will come by {promised}. During a storm, main roads, school sidewalks "
                "and accessible routes are cleared first."
            ),
        ),
    ),
    keywords=(
        Text(
            fr="neige, déneigement, pas déneigé, trottoir pas déneigé, déneiger",
            en="snow, snow removal, not plowed, unplowed, uncleared sidewalk",
        ),
        Text(
            fr="trottoir glissant, trottoir glacé, plaque de glace, verglas, patinoire",
            en="slippery sidewalk, icy sidewalk, black ice, icy patch",
        ),
        Text(
            fr="chaussée glissante, rue glacée, sel, sable, abrasif, épandage",
            en="slippery road, icy street, salt, sand, grit, spreading",
        ),
        Text(
            fr="banc de neige, andain, bourrelet, charrue, gratte, souffleuse, entrée bloquée",
            en="snowbank, windrow, ridge left by the plow, snowplow, driveway blocked",
        ),
        Text(
            fr="chenillette, charrue pas passée, rue pas grattée, arrêt d’autobus enneigé",
            en="plow never came, street not plowed, snowy bus stop",
        ),
        Text(
            fr="fauteuil roulant, poussette, coin de rue bloqué, dépôt de neige, neige du voisin",
            en="wheelchair, stroller, corner blocked, neighbour pushed snow",
        ),
        Text(
            fr="déblayer, pas déblayé, pelleter, gratter, enneigé, bordée de neige, glace, verglacé, plein de neige",
            en="cleared, not cleared, shovel, shovelled, covered in snow, snowed in, ice, full of snow",
        ),
        Text(
            fr="épandre du sel, mettre du sel, mettre du sable, abrasifs, glissant, on glisse, chute sur la glace",
            en="put down salt, needs salt, needs sand, slippery, slipped on ice",
        ),
        Text(
            fr="la gratte a bloqué mon auto, la souffleuse n’est pas passée, marches glacées, escalier glacé",
            en="plow buried my car, snow blower never came, icy steps, icy stairs, crosswalk blocked by snow",
        ),
    ),
    prepare=Text(
        fr="L’endroit, le côté de la rue et la date de la dernière opération, si vous la connaissez.",
        en="The place, the side of the street and the date of the last operation, if you know it.",
    ),
)
