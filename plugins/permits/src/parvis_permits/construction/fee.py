"""What a building permit costs: a base by kind of work, and a rate on its value; an example that each town replaces."""

from datetime import date
from decimal import Decimal

from parvis_sdk.conditions import Is, Not, OneOfThese
from parvis_sdk.fees import Fee
from parvis_sdk.tariffs import DOLLAR, Asked, Fixed, PerUnit, Step, Tariff, Tiers, Unit
from parvis_sdk.text import Text

DWELLING = Unit(one=Text(fr="logement", en="dwelling"), many=Text(fr="logements", en="dwellings"))
DEMOLITION = Is(field="work_kind", value="demolition")

TARIFF_2026 = Tariff(
    since=date(2025, 1, 1),
    basis=Text(fr="Règlement sur la tarification, annexe A", en="By-law on fees, schedule A"),
    lines=(
        Fixed(
            code="study",
            title=Text(fr="Ouverture et étude du dossier", en="Opening and review of the file"),
            amount=Decimal(75),
        ),
        Tiers(
            code="works",
            title=Text(fr="Valeur des travaux", en="Value of the work"),
            of=Asked(field="work_value", unit=DOLLAR),
            steps=(
                Step(above=Decimal(0), price=Decimal("9.80")),
                Step(above=Decimal(500_000), price=Decimal("7.50")),
                Step(above=Decimal(5_000_000), price=Decimal("5.00")),
            ),
            whole=True,
            most=Decimal(250_000),
            when=Not(part=DEMOLITION),
        ),
        PerUnit(
            code="dwellings",
            title=Text(fr="Logements créés", en="Dwellings created"),
            of=(Asked(field="dwellings", unit=DWELLING),),
            price=Decimal(60),
            free=Decimal(1),
            when=Is(field="work_kind", value="new"),
        ),
        Fixed(
            code="demolition",
            title=Text(fr="Démolition", en="Demolition"),
            amount=Decimal(350),
            when=DEMOLITION,
        ),
        Fixed(
            code="damage_deposit",
            title=Text(fr="Dépôt pour dommages au trottoir", en="Deposit against damage to the sidewalk"),
            amount=Decimal(1000),
            deposit=True,
            when=OneOfThese(field="work_kind", values=("new", "demolition")),
        ),
    ),
    least=Decimal(100),
)

RENEWAL_FEE = Fee(
    code="renewal",
    title=Text(fr="Droits de renouvellement", en="Renewal fees"),
    dated="due",
    tariffs=(
        Tariff(
            since=date(2025, 1, 1),
            basis=Text(fr="Règlement sur la tarification, annexe A", en="By-law on fees, schedule A"),
            lines=(
                Fixed(
                    code="renewal",
                    title=Text(fr="Renouvellement du permis", en="Renewal of the permit"),
                    amount=Decimal(75),
                ),
                Fixed(
                    code="studied_again",
                    title=Text(fr="Nouvelle étude, travaux non commencés", en="New review, work not started"),
                    amount=Decimal(50),
                    when=Is(field="works_begun", value=False),
                ),
            ),
        ),
    ),
)

CONSTRUCTION_FEE = Fee(
    code="permit",
    title=Text(fr="Droits de permis", en="Permit fees"),
    tariffs=(TARIFF_2026,),
    refund="deposit",
    once=True,
)
