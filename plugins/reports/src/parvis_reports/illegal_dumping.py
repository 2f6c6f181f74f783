"""The report of waste dumped where it should not be; what a witness saw stays confidential."""

from parvis_reports import abouts
from parvis_reports.messages import report_messages
from parvis_reports.promises import TWO_YEARS, standard, within_a_day
from parvis_reports.questions import call_911, show_and_tell
from parvis_reports.states import Words
from parvis_reports.themes import CLEANLINESS
from parvis_reports.workflow import report_workflow
from parvis_sdk.conditions import Is
from parvis_sdk.fields import PUBLIC, LongText, OneOf, Option, Privacy, Sensitivity, SeveralOf, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, Visibility
from parvis_sdk.text import Text

HAZARDOUS = Is(field="hazardous", value=True)
SEEN = Is(field="seen", value=True)
TESTIMONY = Privacy(
    sensitivity=Sensitivity.SENSITIVE,
    purpose=Text(
        fr="Permettre à la Ville de retrouver qui a laissé ces déchets.",
        en="To let the town find who left this waste.",
    ),
    retention_days=365,
    identifies=True,
)

WASTE = Section(
    code="waste",
    title=Text(fr="Les déchets", en="The waste"),
    fields=(
        SeveralOf(
            code="materials",
            label=Text(fr="Qu’y a-t-il?", en="What is there?"),
            help=Text(fr="Cochez tout ce que vous voyez, sans fouiller.", en="Tick all you see, without searching."),
            least=1,
            options=(
                Option(code="bags", label=Text(fr="Sacs d’ordures ou de recyclage", en="Bags of garbage or recycling")),
                Option(code="furniture", label=Text(fr="Meubles ou matelas", en="Furniture or mattresses")),
                Option(
                    code="appliances", label=Text(fr="Électroménagers ou électronique", en="Appliances or electronics")
                ),
                Option(
                    code="construction",
                    label=Text(fr="Matériaux de construction, pierre, terre", en="Construction materials, stone, soil"),
                ),
                Option(code="tires", label=Text(fr="Pneus ou pièces d’auto", en="Tires or car parts")),
                Option(code="green", label=Text(fr="Branches, feuilles, gazon", en="Branches, leaves, grass")),
                Option(code="other", label=Text(fr="Autre chose", en="Something else")),
            ),
            privacy=PUBLIC,
        ),
        OneOf(
            code="volume",
            label=Text(fr="Quelle quantité?", en="How much?"),
            required=False,
            options=(
                Option(code="bag", label=Text(fr="Un sac ou deux", en="A bag or two")),
                Option(
                    code="trunk", label=Text(fr="De quoi remplir un coffre d’auto", en="Enough to fill a car trunk")
                ),
                Option(code="pickup", label=Text(fr="De quoi remplir une camionnette", en="Enough to fill a pickup")),
                Option(code="truck", label=Text(fr="Davantage", en="More")),
            ),
            privacy=PUBLIC,
        ),
        YesNo(
            code="hazardous",
            label=Text(fr="Y a-t-il des matières dangereuses?", en="Are there hazardous materials?"),
            help=Text(
                fr="Seringues, peinture, huile, solvants, bonbonnes, piles, amiante, verre brisé.",
                en="Needles, paint, oil, solvents, gas cylinders, batteries, asbestos, broken glass.",
            ),
            privacy=PUBLIC,
        ),
        call_911(
            HAZARDOUS,
            Text(
                fr=(
                    "Ne touchez à rien et éloignez les enfants et les animaux. En cas de fuite, d’odeur forte ou de "
                    "fumée, appelez le 911."
                ),
                en=(
                    "Touch nothing and keep children and animals away. If there is a leak, a strong smell or smoke, "
                    "call 911."
                ),
            ),
        ),
        OneOf(
            code="ground",
            label=Text(fr="Sur quel terrain?", en="On what kind of land?"),
            required=False,
            options=(
                Option(code="street", label=Text(fr="Rue ou trottoir", en="Street or sidewalk")),
                Option(code="alley", label=Text(fr="Ruelle", en="Alley")),
                Option(code="park", label=Text(fr="Parc ou boisé", en="Park or woods")),
                Option(code="vacant", label=Text(fr="Terrain vague", en="Vacant lot")),
                Option(code="private", label=Text(fr="Terrain privé", en="Private property")),
            ),
            privacy=PUBLIC,
        ),
    ),
)

WITNESS = Section(
    code="witness",
    title=Text(fr="Ce que vous avez vu", en="What you saw"),
    help=Text(
        fr="Seules les personnes chargées de l’enquête lisent ces réponses. Elles ne sont jamais publiées.",
        en="Only the people who investigate the dumping read these answers. They are never published.",
    ),
    fields=(
        YesNo(
            code="seen",
            label=Text(fr="Avez-vous vu qui a laissé ces déchets?", en="Did you see who left this waste?"),
            required=False,
        ),
        LongText(
            code="seen_what",
            label=Text(fr="Qu’avez-vous vu?", en="What did you see?"),
            help=Text(
                fr="Le jour, l’heure, le véhicule, le nom d’un commerce.",
                en="The day, the time, the vehicle, the name of a business.",
            ),
            example=Text(fr="Une camionnette blanche, hier vers 21 h.", en="A white van, yesterday around 9 p.m."),
            show_when=SEEN,
            max_length=2000,
            privacy=TESTIMONY,
        ),
        ShortText(
            code="plate",
            label=Text(fr="Plaque d’immatriculation, si vous l’avez", en="Licence plate, if you have it"),
            required=False,
            max_length=12,
            show_when=SEEN,
            privacy=TESTIMONY,
        ),
    ),
)

WORDS = Words(
    planned=Text(fr="L’enlèvement des déchets est planifié.", en="The removal of the waste is planned."),
    working=Text(
        fr="Une équipe est en route ou sur place pour ramasser les déchets.",
        en="A crew is on its way or on site to pick up the waste.",
    ),
    done=Text(fr="Une équipe est passée ramasser les déchets.", en="A crew came by and picked up the waste."),
    grounds=(
        Option(
            code="collection_day",
            label=Text(fr="Sorti pour la collecte prévue", en="Set out for the planned collection"),
        ),
        Option(
            code="private_ground",
            label=Text(
                fr="Terrain privé : avis envoyé au propriétaire", en="Private property: notice sent to the owner"
            ),
        ),
    ),
)

ILLEGAL_DUMPING = RequestType(
    code="illegal_dumping",
    title=Text(fr="Dépôt illégal de déchets", en="Illegal dumping"),
    summary=Text(
        fr="Des déchets, des meubles ou des matériaux laissés dans la rue, une ruelle, un parc ou un terrain.",
        en="Waste, furniture or materials left in the street, an alley, a park or a lot.",
    ),
    slug=Text(fr="depot-illegal", en="illegal-dumping"),
    theme=CLEANLINESS,
    icon="trash",
    about=abouts.ILLEGAL_DUMPING,
    form=Form(
        sections=(
            WASTE,
            WITNESS,
            show_and_tell(
                Text(
                    fr="Photographiez les déchets, pas les personnes. Les photos ne sont pas montrées au public.",
                    en="Photograph the waste, not people. The photos are not shown to the public.",
                ),
                Text(
                    fr="C’est la troisième fois ce mois-ci au même endroit.",
                    en="It is the third time this month at the same spot.",
                ),
            ),
        )
    ),
    workflow=report_workflow(WORDS),
    place=PlaceRule(label=Text(fr="Où sont les déchets?", en="Where is the waste?")),
    identity=IdentityRule(modes=("named", "confidential", "anonymous")),
    service_levels=(within_a_day(HAZARDOUS), standard(5)),
    retention=TWO_YEARS,
    visibility=Visibility(similar_within=60, similar_days=21),
    messages=report_messages(
        WORDS,
        received=Text(
            fr=(
                "L’équipe de la propreté va ramasser ces déchets au plus tard le {promised}. Les matières dangereuses "
                "passent en premier."
            ),
            en="The cleaning crew will pick up this waste by {promised}. Hazardous materials come first.",
        ),
    ),
    keywords=(
        Text(
            fr="dépôt illégal, dépotoir, dépôt sauvage, déchets de rue, déchets de ruelle",
            en="illegal dumping, fly tipping, dump, garbage in the street, garbage in the alley",
        ),
        Text(
            fr="ordures, vidanges, sacs laissés, poubelles sur le trottoir, saleté, tas de déchets",
            en="trash, rubbish, bags left, junk on the sidewalk, litter, pile of garbage",
        ),
        Text(
            fr="matelas, divan, sofa, meubles abandonnés, frigo, télévision",
            en="mattress, couch, sofa, abandoned furniture, fridge, television",
        ),
        Text(
            fr="matériaux de construction, gravats, bardeaux, terre, pneus",
            en="construction debris, rubble, shingles, soil, tires",
        ),
        Text(
            fr="seringue, seringues, aiguille, peinture, huile, produits dangereux, amiante, verre cassé",
            en="needle, needles, syringe, paint, oil, hazardous waste, asbestos, broken glass",
        ),
        Text(
            fr="débris sur la voie publique, jeté, abandonné, insalubre",
            en="debris on the road, dumped, abandoned, unsanitary",
        ),
        Text(
            fr="jeté des vidanges, vidé ses déchets, traîne au coin, sacs éventrés, sale, ça pue, malpropre, "
            "nettoyer la ruelle",
            en="people dump garbage, someone dumped, filthy, smells, dirty, clean up the alley",
        ),
        Text(
            fr="abandonné sur le trottoir, laissé dans la ruelle, laissé par un entrepreneur, "
            "déchets de rénovation, électroménagers",
            en="abandoned on the curb, left in the alley, left by a contractor, renovation debris, appliances",
        ),
        Text(fr="terrain vacant, boisé, fossé, voie ferrée, bois", en="vacant lot, woods, ditch, train tracks"),
    ),
    unlike=(Text(fr="vente de garage, maison abandonnée", en="garage sale, vacant house, abandoned house"),),
    prepare=Text(
        fr="L’endroit, une photo prise de loin et, si vous avez vu quelqu’un, le jour, l’heure et le véhicule.",
        en="The place and a photo taken from a distance. If you saw someone: the day, the time and the vehicle.",
    ),
)
