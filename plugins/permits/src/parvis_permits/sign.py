"""The permit for a sign: on a façade, on the ground, lit or not."""

from datetime import date
from decimal import Decimal

from parvis_permits import abouts
from parvis_permits.documents import REFUSAL, SUPPLEMENT_LETTER
from parvis_permits.life.messages import permit_messages
from parvis_permits.life.workflow import permit_workflow
from parvis_permits.people import PEOPLE
from parvis_permits.privacy import PROPERTY, SEVEN_YEARS
from parvis_permits.supplement import completeness
from parvis_permits.themes import PERMITS
from parvis_sdk.calendar_days import MonthDay
from parvis_sdk.conditions import Is
from parvis_sdk.document_contents import Picture
from parvis_sdk.documents import Document
from parvis_sdk.fees import Fee
from parvis_sdk.fields import Consent, File, Money, Number, OneOf, Option, Photo, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.reviews import Review, Task
from parvis_sdk.tariffs import SQUARE_METRE, Asked, Fixed, PerUnit, Tariff
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity

SIGN_FORM = Form(
    sections=(
        Section(
            code="business",
            title=Text(fr="Le commerce", en="The business"),
            fields=(
                ShortText(
                    code="business_name",
                    means="company",
                    label=Text(fr="Nom du commerce", en="Name of the business"),
                    max_length=160,
                ),
                ShortText(
                    code="roll_number",
                    label=Text(fr="Matricule", en="Roll number"),
                    required=False,
                    max_length=30,
                    privacy=PROPERTY,
                ),
            ),
        ),
        Section(
            code="sign_section",
            title=Text(fr="L’enseigne", en="The sign"),
            fields=(
                OneOf(
                    code="sign_kind",
                    label=Text(fr="De quel type d’enseigne s’agit-il?", en="What type of sign is it?"),
                    options=(
                        Option(code="flat", label=Text(fr="À plat sur le mur", en="Flat on the wall")),
                        Option(code="projecting", label=Text(fr="En saillie", en="Projecting")),
                        Option(code="ground", label=Text(fr="Sur poteau ou socle", en="On a post or a base")),
                        Option(code="window", label=Text(fr="Dans une vitrine", en="In a window")),
                        Option(code="temporary", label=Text(fr="Temporaire", en="Temporary")),
                    ),
                ),
                Number(
                    code="sign_area",
                    label=Text(fr="Superficie", en="Area"),
                    least=0.1,
                    most=200,
                    decimals=1,
                    unit=Text(fr="m²", en="m²"),
                ),
                Number(
                    code="sign_height",
                    label=Text(fr="Hauteur au-dessus du sol", en="Height above the ground"),
                    least=0,
                    most=60,
                    decimals=1,
                    unit=Text(fr="m", en="m"),
                ),
                YesNo(code="lit", label=Text(fr="Est-elle éclairée?", en="Is it lit?")),
                ShortText(
                    code="sign_words",
                    label=Text(fr="Texte de l’enseigne", en="Wording of the sign"),
                    help=Text(
                        fr="La Charte de la langue française exige la nette prédominance du français.",
                        en="The Charter of the French language requires that French be markedly predominant.",
                    ),
                    max_length=200,
                ),
                Money(code="work_value", label=Text(fr="Valeur de l’enseigne", en="Value of the sign"), least=100),
                File(code="drawing", label=Text(fr="Dessin coté", en="Drawing with measurements"), least=1, most=4),
                Photo(
                    code="photos",
                    means="evidence",
                    label=Text(fr="Photo de la façade", en="Photo of the façade"),
                    required=False,
                    most=4,
                ),
                Consent(
                    code="declaration",
                    label=Text(fr="Déclaration", en="Declaration"),
                    statement=Text(
                        fr="J’ai l’accord du propriétaire de l’immeuble et ce que j’ai déclaré est exact.",
                        en="I have the consent of the owner of the building and what I have declared is accurate.",
                    ),
                ),
            ),
        ),
    )
)

COMPLETENESS = completeness(SIGN_FORM)

OPINIONS = Review(
    code="opinions",
    title=Text(fr="Avis des services", en="Opinions of the departments"),
    tasks=(
        Task(
            code="zoning",
            title=Text(fr="Zonage et affichage", en="Zoning and signs"),
            unit="permits",
            days=5,
            shows=("sign_kind", "sign_area", "sign_height", "lit", "sign_words", "drawing", "photos"),
        ),
    ),
)

FEE = Fee(
    code="permit",
    title=Text(fr="Droits de permis d’enseigne", en="Sign permit fees"),
    once=True,
    credits=True,
    tariffs=(
        Tariff(
            since=date(2026, 1, 1),
            lines=(
                Fixed(code="base", title=Text(fr="Permis d’enseigne", en="Sign permit"), amount=Decimal(60)),
                PerUnit(
                    code="area",
                    title=Text(fr="Superficie", en="Area"),
                    price=Decimal(15),
                    of=(Asked(field="sign_area", unit=SQUARE_METRE),),
                ),
                Fixed(
                    code="lighting",
                    title=Text(fr="Enseigne éclairée", en="Lit sign"),
                    amount=Decimal(25),
                    when=Is(field="lit", value=True),
                ),
            ),
        ),
    ),
)

# A sign stays as long as the business; the permit to put it up lapses with the year in which there was time for it.
VALIDITY = Validity(
    code="permit",
    title=Text(fr="Permis d’enseigne", en="Sign permit"),
    until=MonthDay(month=12, day=31, least=90),
    reminders=(30,),
)

PERMIT = Document(
    code="permit",
    title=Text(fr="Permis d’enseigne", en="Sign permit"),
    kind="permit",
    number="ENS-{year}-{number:05}",
    lead=Text(fr="Autorise l’enseigne décrite ci-dessous.", en="Authorizes the sign described below."),
    shows=("business_name", "sign_kind", "sign_area", "sign_height", "lit", "sign_words"),
    conditions="conditions",
    validity="permit",
    keeps_number=True,
    files=True,
    holds=(
        Picture(
            code="facade",
            title=Text(fr="Façade avant la pose", en="Façade before the sign is put up"),
            of="photos",
            alt=Text(
                fr="Photo de la façade, jointe à la demande", en="Photo of the façade that came with the application"
            ),
        ),
    ),
    may_lack=("facade",),
)

SIGN = RequestType(
    code="sign",
    title=Text(fr="Permis d’enseigne", en="Sign permit"),
    summary=Text(
        fr="Poser, remplacer ou agrandir une enseigne de commerce.", en="Put up, replace or enlarge a business sign."
    ),
    slug=Text(fr="enseigne", en="sign"),
    theme=PERMITS,
    icon="sign",
    about=abouts.SIGN,
    form=SIGN_FORM,
    workflow=permit_workflow(COMPLETENESS, OPINIONS, FEE, VALIDITY, PERMIT, REFUSAL, SUPPLEMENT_LETTER),
    place=PlaceRule(label=Text(fr="Où sera l’enseigne?", en="Where will the sign be?")),
    identity=IdentityRule(modes=("named",)),
    service_levels=(
        ServiceLevel(
            code="standard",
            title=Text(fr="Décision", en="Decision"),
            business_days=15,
            until="decided",
        ),
    ),
    category="sign_kind",
    retention=SEVEN_YEARS,
    visibility=Visibility(public=False, similar_within=30, similar_days=365),
    messages=permit_messages(),
    parts=(
        VALIDITY,
        PERMIT,
        REFUSAL,
        SUPPLEMENT_LETTER,
        COMPLETENESS,
        OPINIONS,
        FEE,
    ),
    parties=PEOPLE,
    keywords=(
        Text(
            fr="enseigne, affichage commercial, panneau de magasin, lettrage, vitrine, auvent, logo sur la façade",
            en="sign, shop sign, business sign, storefront, lettering, window sign, awning, logo on the façade",
        ),
        Text(
            fr="poser une enseigne, changer l’enseigne, enseigne lumineuse, affiche de commerce",
            en="put up a sign, change the sign, lit sign, neon, billboard for my store",
        ),
    ),
    unlike=(
        Text(
            fr="panneau d’arrêt, panneau de rue, panneau tombé, panneau de signalisation",
            en="stop sign, street sign, fallen sign, traffic sign",
        ),
    ),
    prepare=Text(
        fr="Un dessin coté de l’enseigne, une photo de la façade et l’accord du propriétaire.",
        en="A drawing of the sign with its measurements, a photo of the façade and the owner’s consent.",
    ),
)
