"""The application for a certificate to fell trees on private ground."""

from parvis_permits.messages import MESSAGES
from parvis_permits.privacy import OWNERSHIP, PROPERTY, SEVEN_YEARS
from parvis_permits.themes import PERMITS
from parvis_permits.workflow import felling_workflow
from parvis_sdk.conditions import Is
from parvis_sdk.fields import (
    Consent,
    Date,
    File,
    Group,
    Information,
    LongText,
    Number,
    OneOf,
    Option,
    Photo,
    ShortText,
    YesNo,
)
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.text import Text

MANDATED = Is(field="applicant", value="mandated")
URGENT = Is(field="urgent", value=True)
REPLACING = Is(field="replacing", value=True)

PROPERTY_SECTION = Section(
    code="property",
    title=Text(fr="Le terrain", en="The property"),
    fields=(
        OneOf(
            code="applicant",
            label=Text(fr="À quel titre faites-vous la demande?", en="In what capacity do you apply?"),
            options=(
                Option(code="owner", label=Text(fr="Propriétaire ou copropriétaire", en="Owner or co-owner")),
                Option(
                    code="mandated",
                    label=Text(fr="Personne mandatée par le propriétaire", en="Person mandated by the owner"),
                    help=Text(
                        fr="Locataire, gestionnaire, entreprise d’arboriculture",
                        en="Tenant, manager, tree care company",
                    ),
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
            label=Text(fr="Mandat signé par le propriétaire", en="Mandate signed by the owner"),
            help=Text(
                fr="Une lettre signée et datée, ou une procuration. Une photo lisible convient.",
                en="A signed and dated letter, or a power of attorney. A readable photo will do.",
            ),
            least=1,
            most=3,
            show_when=MANDATED,
            privacy=OWNERSHIP,
        ),
        ShortText(
            code="lot",
            label=Text(fr="Numéro de lot ou matricule", en="Lot or roll number"),
            help=Text(fr="Il figure sur votre compte de taxes.", en="It is on your tax bill."),
            example=Text(fr="1 234 567", en="1 234 567"),
            required=False,
            max_length=40,
            privacy=PROPERTY,
        ),
        YesNo(
            code="boundary",
            label=Text(
                fr="L’arbre est-il sur la ligne d’un terrain voisin?",
                en="Is the tree on the line with a neighbouring property?",
            ),
            help=Text(
                fr="Un arbre mitoyen demande l’accord des deux propriétaires.",
                en="A tree on the boundary needs the consent of both owners.",
            ),
        ),
        File(
            code="neighbour_consent",
            label=Text(fr="Accord écrit du voisin", en="Written consent of the neighbour"),
            required=False,
            most=3,
            show_when=Is(field="boundary", value=True),
            privacy=OWNERSHIP,
        ),
    ),
)

TREES = Group(
    code="trees",
    label=Text(fr="Quels arbres voulez-vous abattre?", en="Which trees do you want to fell?"),
    help=Text(
        fr="Une fiche par arbre. Pour une haie ou plusieurs arbres pareils, une seule fiche avec leur nombre.",
        en="One entry for each tree. For a hedge or several alike, one entry with their number.",
    ),
    item=Text(fr="Arbre", en="Tree"),
    most=20,
    fields=(
        ShortText(
            code="species",
            label=Text(fr="Essence", en="Species"),
            help=Text(
                fr="« Inconnue » convient, avec une photo des feuilles.",
                en="“Unknown” will do, with a photo of the leaves.",
            ),
            example=Text(fr="Érable argenté", en="Silver maple"),
            max_length=80,
        ),
        Number(
            code="diameter",
            label=Text(fr="Diamètre du tronc", en="Diameter of the trunk"),
            help=Text(
                fr="Mesurez le tour à 1,3 m du sol et divisez par 3,14.",
                en="Measure around the trunk 1.3 m above the ground and divide by 3.14.",
            ),
            example=Text(fr="35", en="35"),
            least=1,
            most=400,
            unit=Text(fr="cm", en="cm"),
        ),
        Number(
            code="count",
            label=Text(fr="Combien d’arbres pareils?", en="How many trees alike?"),
            example=Text(fr="1", en="1"),
            least=1,
            most=200,
        ),
        OneOf(
            code="reason",
            label=Text(fr="Pourquoi l’abattre?", en="Why fell it?"),
            options=(
                Option(code="dead", label=Text(fr="Il est mort", en="It is dead")),
                Option(code="dangerous", label=Text(fr="Il est dangereux", en="It is dangerous")),
                Option(
                    code="sick",
                    label=Text(fr="Il est malade ou infesté", en="It is sick or infested"),
                    help=Text(
                        fr="Agrile du frêne, maladie hollandaise de l’orme", en="Emerald ash borer, Dutch elm disease"
                    ),
                ),
                Option(
                    code="damage",
                    label=Text(fr="Il endommage un bâtiment ou une conduite", en="It damages a building or a pipe"),
                ),
                Option(
                    code="works",
                    label=Text(fr="Il empêche des travaux autorisés", en="It is in the way of authorised works"),
                ),
                Option(code="crowding", label=Text(fr="Il nuit à d’autres arbres", en="It harms other trees")),
                Option(code="other", label=Text(fr="Autre raison", en="Another reason")),
            ),
        ),
        LongText(
            code="explanation",
            label=Text(fr="Expliquez en quelques mots", en="Explain in a few words"),
            example=Text(fr="Le tronc est fendu depuis la tempête.", en="The trunk has been split since the storm."),
            required=False,
            max_length=1000,
            rows=3,
        ),
        Photo(
            code="photos",
            label=Text(fr="Photos de l’arbre", en="Photos of the tree"),
            help=Text(
                fr="L’arbre entier, le tronc, et ce qui justifie l’abattage. Sans photo, une visite est nécessaire.",
                en="The whole tree, the trunk, and what justifies the felling. Without a photo, a visit is needed.",
            ),
            required=False,
            most=4,
        ),
    ),
)

TREES_SECTION = Section(
    code="trees_to_fell",
    title=Text(fr="Les arbres", en="The trees"),
    fields=(
        TREES,
        YesNo(
            code="urgent",
            label=Text(fr="Un arbre menace-t-il de tomber?", en="Is a tree about to fall?"),
            help=Text(
                fr="Sur une maison, une rue, un passage. La demande est alors étudiée en priorité.",
                en="On a house, a street, a walkway. The application is then studied first.",
            ),
        ),
        Information(
            code="emergency",
            label=Text(fr="Danger immédiat?", en="Immediate danger?"),
            body=Text(
                fr=(
                    "Éloignez les gens et, si quelqu’un risque d’être blessé maintenant, appelez le 911. Prenez des "
                    "photos avant toute coupe d’urgence."
                ),
                en=(
                    "Keep people away and, if someone could be hurt now, call 911. Take photos before any emergency "
                    "cutting."
                ),
            ),
            tone="warning",
            show_when=URGENT,
        ),
        File(
            code="arborist_report",
            label=Text(
                fr="Rapport d’arboriculteur ou d’ingénieur forestier", en="Report of an arborist or forest engineer"
            ),
            help=Text(
                fr="Facultatif. Il peut être exigé pour un arbre malade, dangereux ou de grande taille.",
                en="Optional. It may be required for a sick, dangerous or large tree.",
            ),
            required=False,
            most=3,
        ),
    ),
)

REPLACEMENT_SECTION = Section(
    code="replacement",
    title=Text(fr="L’arbre de remplacement", en="The replacement tree"),
    fields=(
        YesNo(
            code="replacing",
            label=Text(
                fr="Prévoyez-vous planter un arbre de remplacement?", en="Do you plan to plant a replacement tree?"
            ),
            help=Text(
                fr="Le règlement l’exige le plus souvent, dans les mois qui suivent l’abattage.",
                en="The by-law most often requires it, in the months after the felling.",
            ),
        ),
        ShortText(
            code="replacement_species",
            label=Text(fr="Quelle essence?", en="Which species?"),
            example=Text(fr="Chêne rouge", en="Red oak"),
            max_length=120,
            show_when=REPLACING,
        ),
        ShortText(
            code="replacement_place",
            label=Text(fr="À quel endroit du terrain?", en="Where on the property?"),
            example=Text(
                fr="En cour avant, à trois mètres de l’entrée", en="In the front yard, three metres from the driveway"
            ),
            max_length=200,
            show_when=REPLACING,
        ),
        LongText(
            code="no_replacement",
            label=Text(fr="Pourquoi n’est-ce pas possible?", en="Why is it not possible?"),
            example=Text(fr="Le terrain est déjà boisé.", en="The property is already wooded."),
            max_length=1000,
            rows=3,
            show_when=Is(field="replacing", value=False),
        ),
    ),
)

DECLARATION_SECTION = Section(
    code="declaration",
    title=Text(fr="Travaux et déclaration", en="Works and declaration"),
    fields=(
        ShortText(
            code="contractor",
            label=Text(fr="Qui fera l’abattage?", en="Who will do the felling?"),
            help=Text(fr="Nom de l’entreprise, ou « moi-même ».", en="Name of the company, or “myself”."),
            required=False,
            max_length=120,
        ),
        Date(
            code="planned_on",
            label=Text(fr="Quand pensez-vous le faire?", en="When do you plan to do it?"),
            help=Text(fr="Jamais avant d’avoir reçu le certificat.", en="Never before you have the certificate."),
            required=False,
            earliest=0,
            latest=730,
        ),
        Consent(
            code="access",
            label=Text(fr="Visite du terrain", en="Visit of the property"),
            statement=Text(
                fr=(
                    "J’accepte qu’une inspectrice ou un inspecteur de la Ville entre sur le terrain, de jour, pour "
                    "voir l’arbre et plus tard la plantation."
                ),
                en=(
                    "I accept that an inspector of the town enters the property, by day, to see the tree and later the "
                    "planting."
                ),
            ),
        ),
        Consent(
            code="declaration",
            label=Text(fr="Déclaration", en="Declaration"),
            statement=Text(
                fr=(
                    "Je déclare que ces renseignements sont exacts et je m’engage à ne pas abattre l’arbre avant "
                    "d’avoir le certificat et à respecter ses conditions."
                ),
                en=(
                    "I declare that this information is true and I undertake not to fell the tree before I have the "
                    "certificate and to respect its conditions."
                ),
            ),
        ),
    ),
)

TREE_FELLING = RequestType(
    code="tree_felling",
    title=Text(fr="Certificat d’abattage d’arbre", en="Tree felling certificate"),
    summary=Text(
        fr="L’autorisation d’abattre un ou plusieurs arbres sur un terrain privé.",
        en="The authorisation to fell one or several trees on private ground.",
    ),
    slug=Text(fr="abattage-d-arbre", en="tree-felling"),
    theme=PERMITS,
    icon="leaf",
    form=Form(sections=(PROPERTY_SECTION, TREES_SECTION, REPLACEMENT_SECTION, DECLARATION_SECTION)),
    workflow=felling_workflow(),
    place=PlaceRule(label=Text(fr="Où sont les arbres?", en="Where are the trees?")),
    identity=IdentityRule(modes=("named",)),
    service_levels=(
        ServiceLevel(
            code="urgent",
            title=Text(
                fr="Arbre qui menace de tomber : décision en 3 jours ouvrables",
                en="Tree about to fall: decision within 3 working days",
            ),
            business_days=3,
            until="decided",
            when=URGENT,
        ),
        ServiceLevel(
            code="standard",
            title=Text(fr="Décision en 20 jours ouvrables", en="Decision within 20 working days"),
            business_days=20,
            until="decided",
        ),
    ),
    retention=SEVEN_YEARS,
    # Who owns a property and what they plan there is not for the map.
    visibility=Visibility(public=False, similar_within=30, similar_days=365),
    messages=MESSAGES,
    keywords=(
        Text(
            fr="abattre un arbre, abattage, couper un arbre, coupe d’arbre, arracher, enlever",
            en="fell a tree, felling, cut down a tree, tree cutting, remove a tree, tree removal",
        ),
        Text(
            fr="permis d’abattage, certificat, autorisation, permis de couper",
            en="felling permit, tree permit, certificate, authorisation, permit to cut",
        ),
        Text(
            fr="arbre mort, arbre malade, arbre dangereux, arbre penché, racines, fondations",
            en="dead tree, sick tree, dangerous tree, leaning tree, roots, foundation",
        ),
        Text(
            fr="frêne, agrile, orme, érable, épinette, sapin, cèdre, haie, peuplier",
            en="ash, emerald ash borer, elm, maple, spruce, fir, cedar, hedge, poplar",
        ),
        Text(
            fr="cour, terrain, chez moi, propriété, souche, arboriculteur, émondeur, élagueur",
            en="yard, backyard, property, stump, arborist, tree surgeon",
        ),
        Text(fr="remplacement, plantation, replanter", en="replacement, planting, replant"),
    ),
    prepare=Text(
        fr=(
            "Des photos de l’arbre, le diamètre du tronc à 1,3 m du sol, le numéro de lot (sur le compte de taxes) et, "
            "si vous n’êtes pas propriétaire, un mandat signé."
        ),
        en=(
            "Photos of the tree, the diameter of its trunk 1.3 m above the ground, the lot number (on the tax bill) "
            "and, if you are not the owner, a signed mandate."
        ),
    ),
)
