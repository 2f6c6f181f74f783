"""The form of a building permit: who applies, the property, the work, who does it, the plans, the declaration."""

from parvis_permits.days import PLANNED
from parvis_permits.privacy import OWNERSHIP, PROPERTY
from parvis_sdk.conditions import All, Is, Not, OneOfThese
from parvis_sdk.fields import (
    Consent,
    File,
    Information,
    LongText,
    Money,
    Number,
    OneOf,
    Option,
    Photo,
    PlaceFact,
    ShortText,
    YesNo,
)
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

MANDATED = Is(field="applicant", value="mandated")
ENLARGES = OneOfThese(field="work_kind", values=("new", "extension"))
BUILDS = OneOfThese(field="work_kind", values=("new", "extension", "accessory"))
RENOVATES = Is(field="work_kind", value="renovation")
DEMOLISHES = Is(field="work_kind", value="demolition")
POOL = Is(field="work_kind", value="pool")
CONTRACTED = Is(field="contractor_kind", value="contractor")

APPLICANT = Section(
    code="applicant_section",
    title=Text(fr="Personne requérante", en="The applicant"),
    fields=(
        OneOf(
            code="applicant",
            label=Text(fr="À quel titre faites-vous la demande?", en="In what capacity are you applying?"),
            options=(
                Option(code="owner", label=Text(fr="Propriétaire ou copropriétaire", en="Owner or co-owner")),
                Option(
                    code="mandated",
                    label=Text(fr="Personne mandatée par le propriétaire", en="Person authorized by the owner"),
                    help=Text(fr="Architecte, entrepreneur, gestionnaire", en="Architect, contractor, manager"),
                ),
            ),
        ),
        ShortText(
            code="owner_name",
            label=Text(fr="Nom du propriétaire", en="Name of the owner"),
            max_length=120,
            show_when=MANDATED,
            privacy=OWNERSHIP,
        ),
        File(
            code="mandate",
            label=Text(fr="Mandat signé par le propriétaire", en="Authorization signed by the owner"),
            help=Text(
                fr="Une lettre signée et datée, ou une procuration.",
                en="A signed and dated letter, or a power of attorney.",
            ),
            least=1,
            most=3,
            show_when=MANDATED,
            privacy=OWNERSHIP,
        ),
    ),
)

SITE_PLANNING = Is(field="site_planning", value=True)

# What the by-law says of the land, from the town's own data; nobody is asked for it.
ZONING = (
    PlaceFact(code="zone", layer="zoning", name="zone", label=Text(fr="Zone", en="Zone")),
    PlaceFact(
        code="zone_use",
        layer="zoning",
        name="use",
        label=Text(fr="Usage permis", en="Use allowed"),
        options=(
            Option(code="housing", label=Text(fr="Habitation", en="Housing")),
            Option(code="mixed", label=Text(fr="Habitation et commerce", en="Housing and business")),
            Option(code="business", label=Text(fr="Commerce et bureaux", en="Business and offices")),
            Option(code="industry", label=Text(fr="Industrie", en="Industry")),
            Option(code="park", label=Text(fr="Parc et équipements publics", en="Park and public facilities")),
        ),
    ),
    PlaceFact(
        code="zone_storeys",
        layer="zoning",
        name="storeys",
        label=Text(fr="Nombre d’étages maximal", en="Maximum number of storeys"),
    ),
    PlaceFact(
        code="zone_coverage",
        layer="zoning",
        name="coverage",
        label=Text(fr="Taux d’implantation maximal", en="Maximum lot coverage"),
        unit=Text(fr="%", en="%"),
    ),
    PlaceFact(
        code="zone_rear_setback",
        layer="zoning",
        name="rear_setback",
        label=Text(fr="Marge arrière minimale", en="Minimum rear setback"),
        unit=Text(fr="m", en="m"),
    ),
    PlaceFact(
        code="site_planning",
        layer="zoning",
        name="piia",
        label=Text(fr="Secteur de PIIA", en="Site planning sector (PIIA)"),
    ),
)

LAND = Section(
    code="land",
    title=Text(fr="La propriété", en="The property"),
    fields=(
        *ZONING,
        ShortText(
            code="lot",
            label=Text(fr="Numéro de lot", en="Lot number"),
            help=Text(
                fr="Sept chiffres, sur le compte de taxes ou le certificat de localisation.",
                en="Seven digits, on the tax bill or the certificate of location.",
            ),
            example=Text(fr="1 234 567", en="1 234 567"),
            pattern=r"\d[ \u00a0]?\d{3}[ \u00a0]?\d{3}",
            required=False,
            max_length=20,
            privacy=PROPERTY,
        ),
        ShortText(
            code="roll_number",
            label=Text(fr="Matricule", en="Roll number"),
            help=Text(
                fr="Le numéro de la propriété au rôle d’évaluation.",
                en="The number of the property on the assessment roll.",
            ),
            example=Text(fr="9839-22-4567", en="9839-22-4567"),
            pattern=r"\d{4}-\d{2}-\d{4}(-\d(-\d{3}(-\d{4})?)?)?",
            required=False,
            max_length=30,
            privacy=PROPERTY,
        ),
        OneOf(
            code="building_kind",
            label=Text(fr="De quel bâtiment s’agit-il?", en="What kind of building is it?"),
            options=(
                Option(code="house", label=Text(fr="Maison d’un logement", en="House with one dwelling")),
                Option(code="plex", label=Text(fr="Immeuble de 2 à 5 logements", en="Building of 2 to 5 dwellings")),
                Option(
                    code="multiple",
                    label=Text(fr="Immeuble de 6 logements ou plus", en="Building of 6 dwellings or more"),
                ),
                Option(
                    code="business",
                    label=Text(fr="Commerce, industrie ou institution", en="Business, industry or institution"),
                ),
            ),
        ),
    ),
)

WORK = Section(
    code="work",
    title=Text(fr="Les travaux", en="The work"),
    fields=(
        OneOf(
            code="work_kind",
            label=Text(fr="Que voulez-vous faire?", en="What do you want to do?"),
            options=(
                Option(code="new", label=Text(fr="Construire un nouveau bâtiment", en="Put up a new building")),
                Option(code="extension", label=Text(fr="Agrandir un bâtiment", en="Enlarge a building")),
                Option(
                    code="renovation",
                    label=Text(fr="Rénover ou transformer", en="Renovate or transform"),
                    help=Text(
                        fr="Structure, ouvertures, toiture, revêtement, ajout d’un logement",
                        en="Structure, openings, roof, siding, an added dwelling",
                    ),
                ),
                Option(
                    code="accessory",
                    label=Text(fr="Ajouter un garage, un cabanon ou une terrasse", en="Add a garage, a shed or a deck"),
                ),
                Option(code="pool", label=Text(fr="Installer une piscine ou un spa", en="Put in a pool or a hot tub")),
                Option(code="demolition", label=Text(fr="Démolir un bâtiment", en="Demolish a building")),
            ),
        ),
        LongText(
            code="description",
            means="description",
            label=Text(fr="Décrivez les travaux", en="Describe the work"),
            example=Text(
                fr="Agrandissement de deux étages à l’arrière, sur fondation, revêtement de brique.",
                en="Two-storey extension at the back, on a foundation, brick siding.",
            ),
            max_length=3000,
        ),
        Number(
            code="floor_area",
            label=Text(fr="Superficie de plancher ajoutée", en="Floor area added"),
            least=1,
            most=500_000,
            unit=Text(fr="m²", en="m²"),
            show_when=BUILDS,
        ),
        Number(
            code="storeys",
            label=Text(fr="Nombre d’étages", en="Number of storeys"),
            least=1,
            most=60,
            show_when=ENLARGES,
        ),
        Number(
            code="dwellings",
            label=Text(fr="Nombre de logements après les travaux", en="Number of dwellings after the work"),
            least=0,
            most=2000,
            show_when=Not(part=OneOfThese(field="work_kind", values=("pool", "accessory", "demolition"))),
        ),
        YesNo(
            code="structure",
            label=Text(
                fr="Les travaux touchent-ils la structure, la fondation ou un mur porteur?",
                en="Does the work affect the structure, the foundation or a load-bearing wall?",
            ),
            show_when=RENOVATES,
        ),
        OneOf(
            code="pool_kind",
            label=Text(fr="De quel type de piscine s’agit-il?", en="What type of pool is it?"),
            options=(
                Option(code="in_ground", label=Text(fr="Creusée ou semi-creusée", en="In-ground or half in-ground")),
                Option(code="above_ground", label=Text(fr="Hors terre ou démontable", en="Above-ground or portable")),
                Option(code="hot_tub", label=Text(fr="Spa de plus de 2 000 litres", en="Hot tub of over 2,000 litres")),
            ),
            show_when=POOL,
        ),
        Information(
            code="pool_safety",
            label=Text(fr="Une enceinte est obligatoire", en="An enclosure is mandatory"),
            body=Text(
                fr=(
                    "Le Règlement sur la sécurité des piscines résidentielles exige une enceinte d’au moins 1,2 m de "
                    "haut. Sa porte se referme et se verrouille seule. Indiquez-la sur le plan."
                ),
                en=(
                    "The Residential Swimming Pool Safety Regulation requires an enclosure at least 1.2 m high. Its "
                    "gate closes and latches by itself. Show it on the plan."
                ),
            ),
            show_when=POOL,
        ),
        LongText(
            code="demolition_reason",
            label=Text(
                fr="Pourquoi démolir ce bâtiment, et quel est le projet de remplacement?",
                en="Why demolish this building, and what will replace it?",
            ),
            max_length=3000,
            show_when=DEMOLISHES,
        ),
        Money(
            code="work_value",
            label=Text(fr="Valeur des travaux", en="Value of the work"),
            help=Text(
                fr="Matériaux et main-d’œuvre, avant taxes. Elle sert à calculer les droits.",
                en="Materials and labour, before taxes. It is used to calculate the fees.",
            ),
            example=Text(fr="85 000", en="85,000"),
            least=100,
            most=50_000_000_000,
        ),
        *PLANNED,
    ),
)

DOERS = Section(
    code="doers",
    title=Text(fr="Exécution des travaux", en="Contractor"),
    fields=(
        OneOf(
            code="contractor_kind",
            label=Text(fr="Qui fera les travaux?", en="Who will do the work?"),
            options=(
                Option(code="contractor", label=Text(fr="Un entrepreneur", en="A contractor")),
                Option(code="self", label=Text(fr="Moi-même", en="Myself")),
                Option(code="undecided", label=Text(fr="Ce n’est pas encore décidé", en="Not decided yet")),
            ),
        ),
        ShortText(
            code="contractor",
            label=Text(fr="Nom de l’entreprise", en="Name of the company"),
            max_length=160,
            show_when=CONTRACTED,
        ),
        ShortText(
            code="contractor_licence",
            label=Text(fr="Numéro de licence RBQ", en="RBQ licence number"),
            help=Text(
                fr="Dix chiffres. Nous le vérifions au registre de la Régie du bâtiment du Québec.",
                en="Ten digits. We check it in the register of the Régie du bâtiment du Québec.",
            ),
            example=Text(fr="1234-5678-90", en="1234-5678-90"),
            pattern=r"\d{4}-\d{4}-\d{2}",
            show_when=CONTRACTED,
        ),
    ),
)

PLANS = Section(
    code="plans_section",
    title=Text(fr="Les plans", en="The plans"),
    fields=(
        File(
            code="survey",
            label=Text(
                fr="Certificat de localisation ou plan d’implantation", en="Certificate of location or site plan"
            ),
            help=Text(
                fr="Fait par un arpenteur-géomètre; le plan d’implantation montre les marges projetées.",
                en="Made by a land surveyor; the site plan shows the planned setbacks.",
            ),
            least=1,
            most=5,
            required=False,
            required_when=ENLARGES,
        ),
        File(
            code="plans",
            label=Text(fr="Plans des travaux", en="Plans of the work"),
            help=Text(
                fr="Plans d’étage, élévations, coupes. En PDF, une planche par page.",
                en="Floor plans, elevations, sections. As PDF, one sheet a page.",
            ),
            least=1,
            most=10,
            required=False,
            required_when=ENLARGES,
            show_when=Not(part=DEMOLISHES),
        ),
        Information(
            code="piia_notice",
            label=Text(fr="Secteur de PIIA", en="Site planning sector (PIIA)"),
            body=Text(
                fr=(
                    "L’immeuble est dans un secteur de plan d’implantation et d’intégration architecturale (PIIA). Le "
                    "comité consultatif d’urbanisme (CCU) donne son avis sur l’apparence avant la décision."
                ),
                en=(
                    "The property is in a site planning and architectural integration sector (PIIA). The planning "
                    "advisory committee (CCU) gives its opinion on the appearance before the decision."
                ),
            ),
            show_when=SITE_PLANNING,
        ),
        File(
            code="elevations",
            label=Text(fr="Élévations en couleurs et échantillons", en="Elevations in colour and samples"),
            help=Text(fr="Matériaux, couleurs, façades voisines.", en="Materials, colours, neighbouring façades."),
            least=1,
            most=6,
            show_when=All(parts=(SITE_PLANNING, ENLARGES)),
        ),
        Photo(
            code="photos",
            means="evidence",
            label=Text(fr="Photos du bâtiment ou du terrain", en="Photos of the building or the land"),
            required=False,
            most=8,
        ),
    ),
)

DECLARATION = Section(
    code="declaration_section",
    title=Text(fr="Déclaration", en="Declaration"),
    fields=(
        Consent(
            code="declaration",
            label=Text(fr="Déclaration", en="Declaration"),
            statement=Text(
                fr=(
                    "Ce que j’ai déclaré est exact. Je n’entreprendrai pas les travaux avant d’avoir le permis. Je "
                    "les ferai selon les plans approuvés et les règlements."
                ),
                en=(
                    "What I have declared is accurate. I will not begin the work before having the permit. I will do "
                    "it according to the approved plans and the by-laws."
                ),
            ),
        ),
    ),
)

CONSTRUCTION_FORM = Form(sections=(APPLICANT, LAND, WORK, DOERS, PLANS, DECLARATION))
