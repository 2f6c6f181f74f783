"""What a party costs, the paper that authorises it, and until when that holds."""

from datetime import date
from decimal import Decimal

from parvis_sdk.conditions import Is
from parvis_sdk.documents import Document
from parvis_sdk.fees import Fee
from parvis_sdk.tariffs import Asked, Exemption, Fixed, PerUnit, Tariff, Unit
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity

BARRIER = Unit(one=Text(fr="barrière", en="barrier"), many=Text(fr="barrières", en="barriers"))
FEE = Fee(
    code="permit",
    title=Text(fr="Droits d’une fête de rue", en="Street party fees"),
    once=True,
    credits=True,
    tariffs=(
        Tariff(
            since=date(2026, 1, 1),
            lines=(
                Fixed(code="study", title=Text(fr="Étude", en="Study"), amount=Decimal(60)),
                PerUnit(
                    code="barriers",
                    title=Text(fr="Barrières", en="Barriers"),
                    price=Decimal(5),
                    of=(Asked(field="barriers", unit=BARRIER),),
                ),
            ),
            exemptions=(
                Exemption(
                    code="non_profit",
                    title=Text(fr="Organisme reconnu", en="Recognized organization"),
                    when=Is(field="non_profit", value=True),
                    lines=("study",),
                ),
            ),
        ),
    ),
)
VALIDITY = Validity(
    code="permit", title=Text(fr="Autorisation d’une fête de rue", en="Street party permit"), until="ends_on"
)
PERMIT = Document(
    code="permit",
    title=Text(fr="Autorisation d’une fête de rue", en="Street party permit"),
    kind="permit",
    number="FR-{year}-{number:04}",
    lead=Text(
        fr="Autorise la fermeture de {street}, du {held_on} au {until}.",
        en="Authorises the closing of {street}, from {held_on} to {until}.",
    ),
    shows=("party_name", "street", "held_on", "ends_on", "begins_at", "reopens_at", "people", "includes", "conditions"),
    conditions="conditions",
    validity="permit",
    keeps_number=True,
    may_lack=("conditions",),
)
PARTS = (FEE, VALIDITY, PERMIT)
