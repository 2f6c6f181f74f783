"""The questions of a permit to occupy the public domain: who, what for, when, traffic, insurance."""

from msgspec import structs

from parvis_permits.days import not_before
from parvis_sdk.conditions import AtLeast, Not, NotBefore, OneOfThese, Some
from parvis_sdk.fields import Check, Consent, Date, File, LongText, Money, OneOf, Option, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

BLOCKS_TRAFFIC = OneOfThese(field="closes", values=("lane", "street"))

CERTIFICATE = File(
    code="insurance",
    label=Text(fr="Attestation d’assurance", en="Certificate of insurance"),
    help=Text(
        fr="Responsabilité civile, la Ville étant nommée comme assurée additionnelle.",
        en="Civil liability, naming the town as an additional insured.",
    ),
    least=1,
    most=3,
)
INSURED_UNTIL = Date(
    code="insured_until",
    label=Text(fr="L’assurance est valide jusqu’au", en="The insurance is valid until"),
    earliest=0,
)
IN_FORCE = Check(
    must=NotBefore(field="insured_until", other="starts_on"),
    says=Text(
        fr="L’assurance doit être encore valide le premier jour, le {starts_on}.",
        en="The insurance must still be valid on the first day, {starts_on}.",
    ),
)
LARGE_ENOUGH = Check(
    must=Some(parts=(Not(part=BLOCKS_TRAFFIC), AtLeast(field="insured_amount", value=2_000_000_00))),
    says=Text(
        fr="Pour fermer une voie ou la rue, l’assurance doit couvrir au moins 2\u00a0000\u00a0000\u00a0$; la vôtre "
        "couvre {insured_amount}.",
        en="To close a lane or the street, the insurance must cover at least $2,000,000; yours covers "
        "{insured_amount}.",
    ),
)
INSURED = (CERTIFICATE, structs.replace(INSURED_UNTIL, checks=(IN_FORCE,)))
"""What shows that an occupation is insured: asked with the application, and again before the insurance runs out.
A policy may end in the middle of an occupation: until it is renewed, the permit is suspended.
"""

OCCUPATION_FORM = Form(
    sections=(
        Section(
            code="who",
            title=Text(fr="Titulaire du permis", en="Permit holder"),
            fields=(
                OneOf(
                    code="applicant_kind",
                    label=Text(fr="Au nom de qui faites-vous la demande?", en="On whose behalf are you applying?"),
                    options=(
                        Option(code="person", label=Text(fr="Une personne", en="A person")),
                        Option(code="company", label=Text(fr="Une entreprise", en="A company")),
                        Option(
                            code="organization",
                            label=Text(
                                fr="Un organisme reconnu par la Ville", en="An organization recognized by the town"
                            ),
                        ),
                    ),
                ),
                ShortText(
                    code="company",
                    means="company",
                    label=Text(fr="Nom de l’entreprise ou de l’organisme", en="Name of the company or organization"),
                    max_length=160,
                    show_when=OneOfThese(field="applicant_kind", values=("company", "organization")),
                ),
            ),
        ),
        Section(
            code="what",
            title=Text(fr="L’occupation", en="The occupation"),
            fields=(
                OneOf(
                    code="purpose",
                    label=Text(fr="Qu’allez-vous installer?", en="What will you install?"),
                    options=(
                        Option(code="scaffold", label=Text(fr="Un échafaudage", en="A scaffold")),
                        Option(code="container", label=Text(fr="Un conteneur", en="A container")),
                        Option(code="crane", label=Text(fr="Une grue ou une nacelle", en="A crane or a lift")),
                        Option(code="terrace", label=Text(fr="Une terrasse", en="A terrace")),
                        Option(code="moving", label=Text(fr="Un déménagement", en="A move")),
                        Option(code="other", label=Text(fr="Autre chose", en="Something else")),
                    ),
                ),
                LongText(
                    code="description",
                    means="description",
                    label=Text(fr="Décrivez l’installation", en="Describe the installation"),
                    example=Text(
                        fr="Échafaudage de 12 m le long de la façade, passage piéton couvert.",
                        en="A 12 m scaffold along the façade, with a covered passage for pedestrians.",
                    ),
                    max_length=2000,
                ),
                Date(code="starts_on", means="first_day", label=Text(fr="Premier jour", en="First day"), earliest=0),
                Date(
                    code="ends_on",
                    label=Text(fr="Dernier jour", en="Last day"),
                    earliest=0,
                    checks=not_before("ends_on", "starts_on"),
                ),
                OneOf(
                    code="closes",
                    label=Text(fr="Qu’est-ce qui sera fermé?", en="What will be closed?"),
                    options=(
                        Option(code="nothing", label=Text(fr="Rien", en="Nothing")),
                        Option(code="sidewalk", label=Text(fr="Le trottoir", en="The sidewalk")),
                        Option(code="lane", label=Text(fr="Une voie", en="A lane")),
                        Option(code="street", label=Text(fr="Toute la rue", en="The whole street")),
                    ),
                ),
                File(
                    code="traffic_plan",
                    label=Text(fr="Plan de circulation", en="Traffic plan"),
                    help=Text(
                        fr="Détour, signalisation, passage des piétons et des services d’urgence.",
                        en="Detour, signs, passage of pedestrians and emergency services.",
                    ),
                    least=1,
                    most=3,
                    show_when=BLOCKS_TRAFFIC,
                ),
            ),
        ),
        Section(
            code="insurance_section",
            title=Text(fr="L’assurance", en="Insurance"),
            fields=(
                CERTIFICATE,
                structs.replace(INSURED_UNTIL, checks=(IN_FORCE,)),
                Money(
                    code="insured_amount",
                    label=Text(fr="Montant assuré", en="Amount insured"),
                    example=Text(fr="2 000 000", en="2,000,000"),
                    least=100_000_00,
                    most=100_000_000_00,
                    checks=(LARGE_ENOUGH,),
                ),
            ),
        ),
        Section(
            code="declaration_section",
            title=Text(fr="Déclaration", en="Declaration"),
            fields=(
                Consent(
                    code="declaration",
                    label=Text(fr="Déclaration", en="Declaration"),
                    statement=Text(
                        fr="Je remettrai les lieux en état et je respecterai le plan et les conditions du permis.",
                        en="I will restore the site and respect the plan and the conditions of the permit.",
                    ),
                ),
            ),
        ),
    )
)
