"""What the study of an application to fell trees costs; an example that each town replaces."""

from datetime import date
from decimal import Decimal

from parvis_sdk.fees import Fee
from parvis_sdk.tariffs import Fixed, Tariff
from parvis_sdk.text import Text

FELLING_FEE = Fee(
    code="study",
    title=Text(fr="Frais d’étude", en="Application review fee"),
    once=True,
    tariffs=(
        Tariff(
            since=date(2025, 1, 1),
            lines=(
                Fixed(
                    code="study",
                    title=Text(fr="Étude de la demande", en="Application review"),
                    amount=Decimal(50),
                ),
            ),
        ),
    ),
)
