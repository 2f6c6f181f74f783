"""What is asked: the party, its street and hours, what it brings, and the insurance that covers it."""

from parvis_sdk.conditions import TODAY, AtLeast, AtMost, NotBefore
from parvis_sdk.fields import Check, Date, Field, LongText, Money, Number, Option, SeveralOf, ShortText, Time, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

WEEKS_AHEAD = 21
PERSONS = Text(fr="personnes", en="people")

NAME = ShortText(code="party_name", label=Text(fr="Nom de la fête", en="Name of the party"), max_length=120)
STREET = ShortText(
    code="street",
    label=Text(fr="Rue et intersections", en="Street and intersections"),
    example=Text(fr="Rue Fabre, entre Rachel et Marie-Anne", en="Rue Fabre, between Rachel and Marie-Anne"),
)
HELD_ON = Date(
    code="held_on",
    label=Text(fr="Premier jour", en="First day"),
    checks=(
        Check(
            must=NotBefore(field="held_on", other=TODAY, days=WEEKS_AHEAD),
            says=Text(
                fr="Demandez-le trois semaines d’avance\u00a0: les services doivent se prononcer.",
                en="Ask three weeks ahead: the departments must give their opinions.",
            ),
        ),
    ),
)
ENDS_ON = Date(
    code="ends_on",
    label=Text(fr="Dernier jour", en="Last day"),
    checks=(
        Check(
            must=NotBefore(field="ends_on", other="held_on"),
            says=Text(
                fr="Le dernier jour ne peut pas précéder le premier, le {held_on}.",
                en="The last day cannot be before the first one, {held_on}.",
            ),
        ),
    ),
)
BEGINS_AT = Time(code="begins_at", label=Text(fr="La rue ferme à", en="The street closes at"))
REOPENS_AT = Time(code="reopens_at", label=Text(fr="La rue rouvre à", en="The street reopens at"))
PEOPLE = Number(
    code="people",
    label=Text(fr="Combien de personnes attendez-vous?", en="How many people do you expect?"),
    least=10,
    most=5_000,
    unit=PERSONS,
)
MINDERS = Number(
    code="minders",
    label=Text(fr="Combien de bénévoles veillent aux barrières?", en="How many volunteers mind the barriers?"),
    least=2,
    most=500,
    unit=PERSONS,
    checks=(
        Check(
            must=AtLeast(field="minders", other="people", times=0.01),
            says=Text(
                fr="Il faut un bénévole pour cent personnes\u00a0: vous attendez {people}.",
                en="There must be one volunteer for a hundred people: you expect {people}.",
            ),
        ),
        Check(
            must=AtMost(field="minders", other="people"),
            says=Text(
                fr="Il y aurait plus de bénévoles que de personnes.", en="There would be more of them than people."
            ),
        ),
    ),
)
BARRIERS = Number(
    code="barriers",
    label=Text(fr="Combien de barrières empruntez-vous?", en="How many barriers do you borrow?"),
    least=0,
    most=60,
)
INCLUDES = SeveralOf(
    code="includes",
    label=Text(fr="Qu’y aura-t-il sur place?", en="What will there be on site?"),
    required=False,
    options=(
        Option(code="fire", label=Text(fr="Un feu ou un barbecue", en="A fire or a barbecue")),
        Option(code="music", label=Text(fr="De la musique amplifiée", en="Amplified music")),
        Option(code="food", label=Text(fr="De la nourriture vendue", en="Food for sale")),
    ),
)
ON_BUS_ROUTE = YesNo(code="on_bus_route", label=Text(fr="Un autobus y passe-t-il?", en="Does a bus run there?"))
NEIGHBOURS = LongText(
    code="neighbours",
    label=Text(fr="Comment avez-vous prévenu vos voisins?", en="How did you tell your neighbours?"),
    max_length=1000,
)
NON_PROFIT = YesNo(
    code="non_profit",
    label=Text(fr="La fête est-elle celle d’un organisme reconnu?", en="Is it held by a recognized organization?"),
)
INSURED_UNTIL = Date(
    code="insured_until",
    label=Text(fr="L’assurance est valide jusqu’au", en="The insurance is valid until"),
    checks=(
        Check(
            must=NotBefore(field="insured_until", other="ends_on", days=1),
            says=Text(
                fr="L’assurance doit couvrir toute la fête, qui finit le {ends_on}, et le lendemain pour tout "
                "démonter.",
                en="The insurance must cover the whole party, which ends on {ends_on}, and the day after to clear up.",
            ),
        ),
    ),
)
INSURED_AMOUNT = Money(
    code="insured_amount",
    label=Text(fr="Montant assuré", en="Amount insured"),
    least=100_000_00,
    most=50_000_000_00,
    checks=(
        Check(
            must=AtLeast(field="insured_amount", other="people", times=2_000_00, value=1_000_000_00),
            says=Text(
                fr="Pour {people}, il faut une assurance d’un million de dollars et de 2000\u00a0$ par personne; la "
                "vôtre couvre {insured_amount}.",
                en="For {people}, the insurance must cover a million dollars and $2,000 for each; yours covers "
                "{insured_amount}.",
            ),
        ),
    ),
)


def section(code: str, title: Text, *fields: Field) -> Section:
    """A page of the form."""
    return Section(code=code, title=title, fields=fields)  # type: ignore[arg-type]


FORM = Form(
    sections=(
        section("party", Text(fr="La fête", en="The party"), NAME, STREET, HELD_ON, ENDS_ON, BEGINS_AT, REOPENS_AT),
        section(
            "crowd",
            Text(fr="Les gens", en="The people"),
            PEOPLE,
            MINDERS,
            BARRIERS,
            INCLUDES,
            ON_BUS_ROUTE,
            NEIGHBOURS,
            NON_PROFIT,
        ),
        section("insurance", Text(fr="L’assurance", en="The insurance"), INSURED_UNTIL, INSURED_AMOUNT),
    )
)
