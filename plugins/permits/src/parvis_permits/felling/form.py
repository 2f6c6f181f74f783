"""The whole form of an application to fell trees: property, trees, replacement, declaration."""

from parvis_permits.felling.trees import TREES_SECTION
from parvis_permits.privacy import OWNERSHIP, PROPERTY
from parvis_sdk.conditions import Is
from parvis_sdk.fields import (
    Consent,
    Date,
    File,
    LongText,
    OneOf,
    Option,
    ShortText,
    YesNo,
)
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

MANDATED = Is(field="applicant", value="mandated")
REPLACING = Is(field="replacing", value=True)

PROPERTY_SECTION = Section(
    code="property",
    title=Text(fr="Le terrain", en="The property"),
    fields=(
        OneOf(
            code="applicant",
            label=Text(fr="À quel titre faites-vous la demande?", en="In what capacity are you applying?"),
            options=(
                Option(code="owner", label=Text(fr="Propriétaire ou copropriétaire", en="Owner or co-owner")),
                Option(
                    code="mandated",
                    label=Text(fr="Personne mandatée par le propriétaire", en="Person authorized by the owner"),
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
            label=Text(fr="Mandat signé par le propriétaire", en="Authorization signed by the owner"),
            help=Text(
                fr="Une lettre signée et datée, ou une procuration. Une photo lisible est acceptée.",
                en="A signed and dated letter, or a power of attorney. A readable photo is accepted.",
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
                fr="L’arbre est-il sur la limite du terrain voisin?",
                en="Is the tree on the boundary with a neighbouring property?",
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
                fr="Le règlement l’exige dans la plupart des cas, au cours des mois qui suivent l’abattage.",
                en="In most cases, the by-law requires it in the months after the felling.",
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
    title=Text(fr="Travaux et déclaration", en="Work and declaration"),
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
            means="first_day",
            label=Text(fr="Date prévue de l’abattage", en="Planned date of the felling"),
            help=Text(
                fr="L’abattage est interdit avant la réception du certificat.",
                en="Felling is not allowed before you receive the certificate.",
            ),
            required=False,
            earliest=0,
            latest=730,
        ),
        Consent(
            code="access",
            label=Text(fr="Visite du terrain", en="Site visit"),
            statement=Text(
                fr=(
                    "J’accepte qu’une inspectrice ou un inspecteur de la Ville entre sur le terrain, de jour. La "
                    "visite sert à examiner l’arbre et, plus tard, la plantation."
                ),
                en=(
                    "I agree that an inspector of the town may enter the property during the day. The visit serves "
                    "to examine the tree and, later, the planting."
                ),
            ),
        ),
        Consent(
            code="declaration",
            label=Text(fr="Déclaration", en="Declaration"),
            statement=Text(
                fr=(
                    "Je déclare que ces renseignements sont exacts. Je m’engage à ne pas abattre "
                    "l’arbre avant d’avoir le certificat et à respecter ses conditions."
                ),
                en=(
                    "I declare that this information is true. I undertake not to fell the tree "
                    "before I have the certificate, and to respect its conditions."
                ),
            ),
        ),
    ),
)

FELLING_FORM = Form(sections=(PROPERTY_SECTION, TREES_SECTION, REPLACEMENT_SECTION, DECLARATION_SECTION))
