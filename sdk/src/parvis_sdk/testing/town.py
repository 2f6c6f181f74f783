"""The town and the morning of the pretend desk."""

from datetime import UTC, datetime

from parvis_sdk.requests import Town
from parvis_sdk.text import Text

MORNING = datetime(2026, 6, 15, 13, 0, tzinfo=UTC)  # a Monday, 9 o'clock in Québec
TOWN = Town(
    code="essai",
    name=Text(fr="Ville d’Essai", en="Town of Essai"),
    phone="+14505550100",
    email="info@essai.example",
    url="https://services.essai.example",
)
