"""The report of bins, bags or bulky items that the collection truck left behind."""

from parvis_reports import abouts
from parvis_reports.messages import report_messages
from parvis_reports.promises import TWO_YEARS, standard
from parvis_reports.questions import show_and_tell
from parvis_reports.states import Words
from parvis_reports.themes import COLLECTION
from parvis_reports.workflow import report_workflow
from parvis_sdk.about import Scheduled
from parvis_sdk.conditions import Is
from parvis_sdk.fields import Date, Number, OneOf, Option, ShortText, Time, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, Visibility
from parvis_sdk.text import Text

WHAT = Section(
    code="what",
    title=Text(fr="La collecte", en="The collection"),
    fields=(
        OneOf(
            code="stream",
            label=Text(fr="Qu’est-ce qui n’a pas été ramassé?", en="What was not picked up?"),
            options=(
                Option(code="garbage", label=Text(fr="Ordures ménagères", en="Garbage")),
                Option(code="recycling", label=Text(fr="Recyclage", en="Recycling")),
                Option(
                    code="organics",
                    label=Text(fr="Matières organiques", en="Organics"),
                    help=Text(fr="Bac brun : restes de table", en="Brown bin: food scraps"),
                ),
                Option(
                    code="yard_waste",
                    label=Text(fr="Résidus verts", en="Yard waste"),
                    help=Text(fr="Feuilles, gazon, branches attachées", en="Leaves, grass, tied branches"),
                ),
                Option(
                    code="bulky",
                    label=Text(fr="Encombrants", en="Bulky items"),
                    help=Text(fr="Meubles, matelas, électroménagers", en="Furniture, mattresses, appliances"),
                ),
            ),
        ),
        Number(
            code="bins",
            label=Text(fr="Combien de bacs, de sacs ou d’objets?", en="How many bins, bags or items?"),
            required=False,
            example=Text(fr="1", en="1"),
            least=1,
            most=200,
        ),
        OneOf(
            code="neighbours",
            label=Text(fr="Et chez les voisins?", en="And at the neighbours’?"),
            help=Text(
                fr="Si toute la rue a été oubliée, un seul signalement suffit.",
                en="If the whole street was skipped, one report is enough.",
            ),
            options=(
                Option(
                    code="only_me",
                    label=Text(fr="Ramassé : il ne manque que chez moi", en="Picked up: only mine is left"),
                ),
                Option(
                    code="whole_street",
                    label=Text(fr="Rien n’a été ramassé dans la rue", en="Nothing was picked up in the street"),
                ),
                Option(code="unknown", label=Text(fr="Je ne sais pas", en="I do not know")),
            ),
        ),
    ),
)

WHEN = Section(
    code="when",
    title=Text(fr="Le jour de la collecte", en="Collection day"),
    fields=(
        Date(
            code="collection_day",
            means="happened_on",
            label=Text(fr="Quel jour la collecte devait-elle passer?", en="On which day should the truck have come?"),
            help=Text(
                fr="Le camion passe parfois jusqu’en soirée : attendez le lendemain matin avant de signaler.",
                en="The truck sometimes comes as late as the evening: wait until the next morning before reporting.",
            ),
            earliest=-14,
            latest=0,
        ),
        Time(
            code="set_out_at",
            label=Text(fr="À quelle heure les aviez-vous mis au chemin?", en="At what time had you set them out?"),
            required=False,
            help=Text(
                fr="Les heures permises sont dans votre calendrier de collecte.",
                en="The hours allowed are in your collection calendar.",
            ),
            example=Text(fr="06:30", en="06:30"),
        ),
        YesNo(
            code="tag",
            label=Text(fr="Un avis a-t-il été laissé sur le bac?", en="Was a notice left on the bin?"),
            required=False,
            help=Text(
                fr="Un autocollant ou une carte qui dit pourquoi il n’a pas été vidé.",
                en="A sticker or a card that says why it was not emptied.",
            ),
        ),
        ShortText(
            code="tag_words",
            label=Text(fr="Que dit l’avis?", en="What does the notice say?"),
            example=Text(fr="Matières non acceptées", en="Materials not accepted"),
            show_when=Is(field="tag", value=True),
            required=False,
        ),
    ),
)

WORDS = Words(
    planned=Text(
        fr="Un nouveau passage est prévu. Laissez vos matières au chemin.",
        en="Another pass is planned. Leave your items at the curb.",
    ),
    working=Text(
        fr="Un camion doit repasser. Laissez vos matières au chemin.",
        en="A truck is to come back. Leave your items at the curb.",
    ),
    done=Text(fr="Le camion est repassé chercher ce qui manquait.", en="The truck came back for what was missed."),
    contractor=Text(
        fr="L’entreprise de collecte a reçu le signalement et doit repasser. Laissez vos matières au chemin.",
        en="The collection company has the report and is to come back. Leave your items at the curb.",
    ),
    grounds=(
        Option(code="set_out_late", label=Text(fr="Mis au chemin trop tard", en="Set out too late")),
        Option(
            code="not_collection_day",
            label=Text(fr="Pas de collecte ce jour-là", en="No collection on that day"),
        ),
        Option(code="wrong_material", label=Text(fr="Matières non acceptées", en="Materials not accepted")),
        Option(
            code="out_of_reach",
            label=Text(fr="Bac hors d’atteinte ou trop lourd", en="Bin out of reach or too heavy"),
        ),
        Option(
            code="not_served",
            label=Text(fr="Immeuble desservi par une collecte privée", en="Building served by a private collection"),
        ),
    ),
)

MISSED_COLLECTION = RequestType(
    code="missed_collection",
    title=Text(fr="Collecte manquée", en="Missed collection"),
    summary=Text(
        fr="Un bac, des sacs ou des encombrants que le camion n’a pas ramassés.",
        en="A bin, bags or bulky items that the truck did not pick up.",
    ),
    slug=Text(fr="collecte-manquee", en="missed-collection"),
    theme=COLLECTION,
    icon="bin",
    about=abouts.MISSED_COLLECTION,
    scheduled=Scheduled(
        schedule="collections",
        stream="stream",
        day="collection_day",
        insist=Text(
            fr="Mon bac était pourtant au chemin le bon jour", en="My bin was out on the right day all the same"
        ),
    ),
    form=Form(
        sections=(
            WHAT,
            WHEN,
            show_and_tell(
                Text(
                    fr="Une photo du bac au chemin montre qu’il était bien placé.",
                    en="A photo of the bin at the curb shows that it was well placed.",
                ),
                Text(
                    fr="Une auto stationnée bloquait peut-être le passage.", en="A parked car may have been in the way."
                ),
            ),
        )
    ),
    workflow=report_workflow(WORDS),
    place=PlaceRule(
        label=Text(fr="À quelle adresse?", en="At which address?"),
    ),
    identity=IdentityRule(modes=("named", "anonymous")),
    service_levels=(standard(2),),
    retention=TWO_YEARS,
    # The place is somebody's home, and an empty bin there says when nobody is in.
    visibility=Visibility(public=False, similar_within=30, similar_days=7),
    messages=report_messages(
        WORDS,
        received=Text(
            fr="Laissez vos matières au chemin, bien en vue : un camion repassera au plus tard le {promised}.",
            en="Leave your items at the curb, in plain sight: a truck will come back by {promised}.",
        ),
    ),
    keywords=(
        Text(
            fr="bac pas ramassé, ramassées, bac non vidé, bac plein, bac oublié, poubelle pas vidée",
            en="bin not picked up, bin not emptied, bin still full, missed bin",
        ),
        Text(
            fr="vidanges, ordures, déchets, poubelles, sacs de poubelle, pas passé",
            en="garbage, trash, rubbish, bags, garbage day",
        ),
        Text(
            fr="recyclage, recyclables, bac bleu, bac vert, récupération",
            en="recycling, recyclables, blue bin, blue box, green bin",
        ),
        Text(
            fr="compost, bac brun, matières organiques, résidus alimentaires",
            en="compost, brown bin, organics, food waste",
        ),
        Text(
            fr="encombrants, matelas, divan, gros morceaux, meubles",
            en="bulky items, mattress, couch, large items, furniture not collected",
        ),
        Text(
            fr="feuilles mortes, résidus verts, branches, sapin de Noël",
            en="leaves, yard waste, branches, Christmas tree",
        ),
        Text(
            fr="camion pas passé, collecte oubliée, ramassage manqué, rue sautée, éboueurs, vidangeurs",
            en="truck never came, street skipped, house forgotten, garbage collectors, missed pickup",
        ),
        Text(
            fr="sacs de feuilles, sacs encore là, encore au chemin, bord du chemin, traîne encore, personne n’est venu",
            en="leaf bags, bags still here, still at the curb, left behind, nobody came",
        ),
        Text(
            fr="venir chercher un matelas, venir chercher des meubles, ramasser les gros morceaux, gros déchets",
            en="come and get a mattress, take my furniture, large item pickup",
        ),
        Text(
            fr="les éboueurs ont oublié, sauté notre rue, sauté ma maison, camion de recyclage, "
            "camion de vidanges, camion de compost",
            en="they skipped my house, forgot our street, garbage truck, recycling truck, compost truck",
        ),
    ),
    unlike=(
        Text(
            fr="heures d’ouverture, écocentre, subvention, composteur domestique",
            en="opening hours, ecocentre, drop-off centre, subsidy",
        ),
    ),
    prepare=Text(
        fr="L’adresse, le jour de la collecte et l’heure à laquelle vous avez mis le bac au chemin.",
        en="The address, the collection day and the time at which you set the bin out.",
    ),
)
