"""The report of a pothole in a street, a cycle path or a sidewalk."""

from parvis_reports import abouts
from parvis_reports.messages import report_messages
from parvis_reports.promises import TWO_YEARS, standard, within_a_day
from parvis_reports.questions import call_911, danger, show_and_tell
from parvis_reports.states import Words
from parvis_reports.themes import STREETS
from parvis_reports.workflow import report_workflow
from parvis_sdk.conditions import Is
from parvis_sdk.fields import PUBLIC, Information, Number, OneOf, Option
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, Visibility
from parvis_sdk.text import Text

HOLE = Section(
    code="hole",
    title=Text(fr="Le nid-de-poule", en="The pothole"),
    fields=(
        OneOf(
            code="size",
            means="hole_size",
            label=Text(fr="De quelle taille est le trou?", en="How large is the hole?"),
            required=False,
            help=Text(
                fr="Un à-peu-près suffit : ne mesurez pas dans la rue.",
                en="A guess is enough: do not measure in the street.",
            ),
            options=(
                Option(
                    code="small",
                    label=Text(fr="Petit", en="Small"),
                    help=Text(fr="Moins de 30 cm, comme une assiette", en="Under 30 cm, like a dinner plate"),
                ),
                Option(
                    code="medium",
                    label=Text(fr="Moyen", en="Medium"),
                    help=Text(
                        fr="De 30 à 60 cm, comme un couvercle de poubelle", en="30 to 60 cm, like a garbage can lid"
                    ),
                ),
                Option(
                    code="large",
                    label=Text(fr="Grand", en="Large"),
                    help=Text(fr="Plus de 60 cm, plus large qu’un pneu d’auto", en="Over 60 cm, wider than a car tire"),
                ),
                Option(code="several", label=Text(fr="Plusieurs trous rapprochés", en="Several holes close together")),
            ),
            privacy=PUBLIC,
        ),
        OneOf(
            code="surface",
            means="road_surface",
            label=Text(fr="Où est-il dans la rue?", en="Where in the street is it?"),
            required=False,
            options=(
                Option(code="lane", label=Text(fr="Dans une voie de circulation", en="In a traffic lane")),
                Option(
                    code="parking",
                    label=Text(fr="Le long du trottoir, où l’on stationne", en="Along the curb, where cars park"),
                ),
                Option(
                    code="cycle_path",
                    label=Text(fr="Sur une piste ou une bande cyclable", en="On a cycle path or lane"),
                ),
                Option(code="crosswalk", label=Text(fr="Sur un passage piéton", en="On a crosswalk")),
                Option(code="sidewalk", label=Text(fr="Sur le trottoir", en="On the sidewalk")),
                Option(code="alley", label=Text(fr="Dans une ruelle", en="In an alley")),
            ),
            privacy=PUBLIC,
        ),
        danger(
            Text(fr="Est-ce dangereux?", en="Is it dangerous?"),
            Text(
                fr=("Oui s’il faut faire un écart, si quelqu’un peut y tomber ou si le trou se creuse vite."),
                en=("Yes if people swerve to avoid it, if someone could fall, or if the hole is growing fast."),
            ),
        ),
        call_911(Is(field="danger", value=True)),
        Number(
            code="depth",
            label=Text(fr="Quelle est sa profondeur, à peu près?", en="How deep is it, roughly?"),
            help=Text(fr="10 cm, c’est la largeur d’une main.", en="10 cm is the width of a hand."),
            example=Text(fr="10", en="10"),
            required=False,
            least=1,
            most=200,
            unit=Text(fr="cm", en="cm"),
            privacy=PUBLIC,
        ),
        Information(
            code="claims",
            label=Text(fr="Votre véhicule est endommagé?", en="Is your vehicle damaged?"),
            body=Text(
                fr=(
                    "Ce signalement n’est pas un avis de réclamation. Pour réclamer un dédommagement, écrivez au "
                    "greffe de la Ville dans les quinze jours suivant les dommages. Joignez les photos et les factures."
                ),
                en=(
                    "This report is not a notice of claim. To claim for damage, write to the town clerk within "
                    "fifteen days of the damage. Attach the photos and invoices."
                ),
            ),
        ),
    ),
)

WORDS = Words(
    planned=Text(
        fr="Le trou est inscrit à la tournée de réparation.",
        en="The hole is on the list of the repair crew.",
    ),
    working=Text(
        fr="Une équipe est en route ou déjà sur place pour combler le trou.",
        en="A crew is on its way or already on site to fill the hole.",
    ),
    done=Text(
        fr="Une équipe est passée combler le trou.",
        en="A crew came by and filled the hole.",
    ),
    grounds=(
        Option(
            code="below_threshold",
            label=Text(fr="Trop peu profond pour une réparation", en="Too shallow for a repair"),
        ),
        Option(
            code="roadwork_soon",
            label=Text(fr="La rue sera refaite sous peu", en="The street is about to be rebuilt"),
        ),
        Option(code="private_ground", label=Text(fr="Sur un terrain privé", en="On private property")),
    ),
)

POTHOLE = RequestType(
    code="pothole",
    title=Text(fr="Nid-de-poule", en="Pothole"),
    summary=Text(
        fr="Un trou dans la chaussée, la piste cyclable ou le trottoir.",
        en="A hole in the road, the cycle path or the sidewalk.",
    ),
    slug=Text(fr="nid-de-poule", en="pothole"),
    theme=STREETS,
    icon="road",
    about=abouts.POTHOLE,
    form=Form(
        sections=(
            HOLE,
            show_and_tell(
                Text(
                    fr=(
                        "De une à cinq photos, si c’est sans danger : une de près, une qui montre la rue. Restez sur "
                        "le trottoir."
                    ),
                    en=(
                        "One to five photos, if it is safe: one close up, one that shows the street. Stay on the "
                        "sidewalk."
                    ),
                ),
                Text(
                    fr="Le trou est caché par une flaque quand il pleut.",
                    en="The hole is hidden by a puddle when it rains.",
                ),
            ),
        )
    ),
    workflow=report_workflow(WORDS),
    place=PlaceRule(label=Text(fr="Où est le nid-de-poule?", en="Where is the pothole?")),
    identity=IdentityRule(modes=("named", "anonymous")),
    service_levels=(within_a_day(Is(field="danger", value=True)), standard(5)),
    retention=TWO_YEARS,
    visibility=Visibility(similar_within=40, similar_days=60),
    messages=report_messages(
        WORDS,
        received=Text(
            fr=(
                "L’équipe de la voirie va l’examiner et planifier la réparation, au plus tard le {promised}. Un trou "
                "dangereux est sécurisé d’abord, puis réparé."
            ),
            en=(
                "The road crew will look at it and plan the repair, by {promised}. A dangerous hole is "
                "made safe first, then repaired."
            ),
        ),
    ),
    keywords=(
        Text(fr="nid de poule, nids de poule, nids-de-poule", en="pothole, potholes, pot hole"),
        Text(
            fr="trou dans la rue, gros trou, trous dans l’asphalte, ornière",
            en="hole in the road, big hole, holes in the asphalt, rut",
        ),
        Text(
            fr="chaussée brisée, défoncée, abîmée, affaissement, crevasse, fissure",
            en="broken road, damaged pavement, sinkhole, dip, crack",
        ),
        Text(
            fr="route, rue, asphalte, pavage, bitume, ruelle, voirie",
            en="road, street, asphalt, paving, alley, roadway",
        ),
        Text(
            fr="crevaison, pneu crevé, jante tordue, suspension",
            en="flat tire, blown tire, bent rim, suspension",
        ),
        Text(
            fr="piste cyclable, bande cyclable, vélo, trottoir brisé",
            en="bike path, cycle path, bike lane, broken sidewalk",
        ),
        Text(
            fr="asphalte qui lève, chaussée affaissée, rue fissurée, rue fendue, rue pleine de trous, "
            "état de la route, cratère",
            en="sunken pavement, uneven road, cracked sidewalk, street full of holes, bumpy road, crater",
        ),
        Text(
            fr="réparer la rue, pavage à refaire, trottoir fissuré, dalle soulevée, trébucher",
            en="repair the street, patch the road, repave, heaved slab, trip hazard",
        ),
    ),
    unlike=(
        Text(
            fr="puisard bouché, puisard qui déborde, couvercle d’égout, trou d’homme, trou dans la clôture",
            en="clogged storm drain, manhole cover, hole in the fence",
        ),
    ),
    prepare=Text(
        fr=(
            "L’endroit exact (une adresse ou un coin de rue), la taille approximative du trou et, si possible, une "
            "photo."
        ),
        en="The exact spot: an address or a street corner. The rough size of the hole and, if you can, a photo.",
    ),
)
