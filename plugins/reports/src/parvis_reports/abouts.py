"""What the page of each report says: for whom, what comes next, and answers that spare a report."""

from parvis_sdk.about import About, Answer
from parvis_sdk.text import Text

EVERYBODY = Text(
    fr="Toute personne qui habite, travaille ou passe en ville. Aucun compte n’est nécessaire.",
    en="Anybody who lives, works or passes through town. No account is needed.",
)
RESIDENTS = Text(
    fr="Les résidents d’un immeuble desservi par la collecte municipale.",
    en="Residents of a building served by the town’s collection.",
)
LOOKED_AT = Text(
    fr="L’équipe du secteur lit votre signalement, regroupe les doublons et planifie l’intervention.",
    en="The local team reads your report, groups duplicates and plans the work.",
)
TOLD = Text(
    fr="Vous recevez un message quand la date est fixée, puis à la fin des travaux, souvent avec une photo.",
    en="You get a message when the date is set, then when the work is done, often with a photo.",
)
NOT_FIXED = Text(
    fr="Si ce n’est pas réglé, un bouton rouvre le même signalement, sous le même numéro.",
    en="If it is not resolved, one button reopens the same report, under the same number.",
)
NEXT = (LOOKED_AT, TOLD, NOT_FIXED)

POTHOLE = About(
    who=EVERYBODY,
    next=NEXT,
    answers=(
        Answer(
            code="winter_repair",
            question=Text(fr="Répare-t-on les nids-de-poule en hiver?", en="Are potholes repaired in winter?"),
            answer=Text(
                fr=(
                    "Oui, avec un enrobé froid qui tient quelques semaines. La réparation durable se fait au "
                    "printemps, quand le sol est dégelé."
                ),
                en=(
                    "Yes, with a cold mix that holds for a few weeks. The lasting repair is made in spring, once the "
                    "ground has thawed."
                ),
            ),
        ),
        Answer(
            code="damaged_car",
            question=Text(
                fr="Mon véhicule a été endommagé : que faire?", en="My vehicle was damaged: what should I do?"
            ),
            answer=Text(
                fr=(
                    "Signalez le trou ici pour qu’il soit réparé. La réclamation est une autre démarche : écrivez au "
                    "greffe dans les quinze jours suivant les dommages. Joignez les photos et les factures."
                ),
                en=(
                    "Report the hole here so that it is repaired. A claim is a separate step: write to the town clerk "
                    "within fifteen days of the damage. Attach the photos and invoices."
                ),
            ),
        ),
    ),
)

STREET_LIGHT = About(
    who=EVERYBODY,
    next=NEXT,
    answers=(
        Answer(
            code="whole_street_dark",
            question=Text(fr="Toute la rue est dans le noir?", en="Is the whole street dark?"),
            answer=Text(
                fr=(
                    "Si les maisons n’ont plus de courant non plus, c’est une panne d’électricité. Signalez-la à "
                    "Hydro-Québec : l’éclairage reviendra avec le courant."
                ),
                en=(
                    "If the houses have no power either, it is a power outage. Report it to Hydro-Québec: the street "
                    "lights will come back with the power."
                ),
            ),
            link="https://pannes.hydroquebec.com/",
        ),
    ),
)

MISSED_COLLECTION = About(
    who=RESIDENTS,
    next=(
        Text(
            fr="Laissez le bac au chemin, bien en vue : l’entreprise de collecte reçoit votre signalement.",
            en="Leave the bin at the curb, in plain sight: the collection company receives your report.",
        ),
        Text(
            fr="Un camion repasse, ou l’on vous dit pourquoi la matière n’a pas été prise.",
            en="A truck comes back, or we tell you why the items were not taken.",
        ),
        NOT_FIXED,
    ),
    answers=(
        Answer(
            code="set_out_time",
            question=Text(fr="À quelle heure sortir le bac?", en="At what time should the bin be out?"),
            answer=Text(
                fr="La veille après 19 h, et au plus tard à 7 h le jour de la collecte.",
                en="After 7 p.m. the day before, and by 7 a.m. on collection day at the latest.",
            ),
        ),
        Answer(
            code="late_truck",
            question=Text(fr="Le camion n’est pas encore passé?", en="The truck has not come yet?"),
            answer=Text(
                fr=(
                    "Il peut passer jusqu’en soirée, et plus tard encore après une tempête. Laissez le bac dehors "
                    "jusqu’au lendemain matin."
                ),
                en=(
                    "It may come as late as the evening, and later still after a storm. Leave the bin out until the "
                    "next morning."
                ),
            ),
        ),
    ),
)

GRAFFITI = About(
    who=Text(
        fr="Toute personne, pour un bien public; le propriétaire ou un voisin, pour un mur privé.",
        en="Anybody, for public property; the owner or a neighbour, for a private wall.",
    ),
    next=NEXT,
    answers=(
        Answer(
            code="private_wall",
            question=Text(fr="Et sur mon propre mur?", en="What about my own wall?"),
            answer=Text(
                fr=(
                    "La Ville nettoie une façade privée visible de la rue. Le formulaire demande l’accord écrit "
                    "du propriétaire."
                ),
                en=(
                    "The town cleans a private front that is seen from the street. The form asks for the owner’s "
                    "written consent."
                ),
            ),
        ),
    ),
)

FALLEN_BRANCH = About(
    who=EVERYBODY,
    next=NEXT,
    answers=(
        Answer(
            code="wires",
            question=Text(fr="Une branche touche à des fils?", en="A branch touches wires?"),
            answer=Text(
                fr=(
                    "N’approchez pas et appelez le 911 si des fils sont tombés. Pour des branches près du réseau, "
                    "Hydro-Québec se charge de l’élagage."
                ),
                en=(
                    "Stay away, and call 911 if wires are down. For branches near the network, Hydro-Québec does the "
                    "pruning."
                ),
            ),
            link="https://www.hydroquebec.com/arbres/",
        ),
        Answer(
            code="own_tree",
            question=Text(fr="La branche vient de mon arbre?", en="The branch is from my own tree?"),
            answer=Text(
                fr="Sur votre terrain, c’est à vous de la ramasser; la collecte des branches la prend, attachée.",
                en="On your land it is yours to clear; the branch collection takes it, tied in bundles.",
            ),
        ),
    ),
)

SNOWY_SIDEWALK = About(
    who=EVERYBODY,
    next=(
        Text(
            fr="Si un passage est déjà prévu, vous pouvez suivre l’opération au lieu de faire un signalement.",
            en="If an operation is already planned, you can follow it instead of making a report.",
        ),
        Text(
            fr="Sinon, l’équipe passe, d’abord aux endroits qui bloquent une personne à mobilité réduite.",
            en="Otherwise the crew comes, first to places that block a person with reduced mobility.",
        ),
        NOT_FIXED,
    ),
    answers=(
        Answer(
            code="priorities",
            question=Text(fr="Dans quel ordre déneige-t-on?", en="In which order is snow cleared?"),
            answer=Text(
                fr=(
                    "Les artères, les arrêts d’autobus et les abords d’écoles d’abord, puis les rues locales, "
                    "enfin le chargement. Comptez de trois à cinq jours après une chute de 20 cm."
                ),
                en=(
                    "Main roads, bus stops and the surroundings of schools first, then local streets, and loading "
                    "last. Count three to five days after a fall of 20 cm."
                ),
            ),
        ),
        Answer(
            code="windrow",
            question=Text(
                fr="Qui enlève l’andain devant mon entrée?", en="Who clears the windrow in front of my entrance?"
            ),
            answer=Text(
                fr="L’occupant, sauf s’il dépasse 30 cm après le chargement : signalez-le alors ici.",
                en="The occupant, unless it is higher than 30 cm after loading: then report it here.",
            ),
        ),
    ),
)

ILLEGAL_DUMPING = About(
    who=EVERYBODY,
    next=NEXT,
    answers=(
        Answer(
            code="ecocentre",
            question=Text(fr="Où porter mes gros objets?", en="Where can I take bulky items?"),
            answer=Text(
                fr="À l’écocentre, sans frais sur preuve d’adresse, ou à la collecte des encombrants.",
                en="To the ecocentre, free with proof of address, or to the bulky item collection.",
            ),
        ),
    ),
)

PARK_EQUIPMENT = About(
    who=EVERYBODY,
    next=NEXT,
    answers=(
        Answer(
            code="winter_closing",
            question=Text(fr="Les jeux d’eau sont fermés?", en="The water play area is closed?"),
            answer=Text(
                fr="Ils ouvrent de la mi-juin à la fin d’août; les fontaines, de mai à octobre, selon le gel.",
                en="They open from mid-June to the end of August; fountains from May to October, frost permitting.",
            ),
        ),
    ),
)

SWEEPING = Answer(
    code="sweeping",
    question=Text(fr="Quand passe le balai mécanique?", en="When does the street sweeper come?"),
    answer=Text(
        fr="Chaque semaine d’avril à novembre, le jour inscrit sur les panneaux de stationnement de votre rue.",
        en="Every week from April to November, on the day shown on the parking signs of your street.",
    ),
)
