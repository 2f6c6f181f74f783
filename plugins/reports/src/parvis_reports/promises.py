"""The service levels of reports; a town may replace each of them in its settings."""

from parvis_sdk.conditions import Condition
from parvis_sdk.request_types import Retention, ServiceLevel
from parvis_sdk.text import Text

TWO_YEARS = Retention(days=730, then="anonymise", erasable_on_request=True)


def within_a_day(when: Condition) -> ServiceLevel:
    """What may hurt somebody is made safe within 24 hours of the wall clock."""
    return ServiceLevel(
        code="danger",
        title=Text(fr="Danger : endroit sécurisé", en="Danger: made safe"),
        hours=24,
        until="decided",
        when=when,
    )


def standard(business_days: int) -> ServiceLevel:
    """What every other report may count on, in business days."""
    return ServiceLevel(
        code="standard",
        title=Text(fr="Problème réglé", en="Problem resolved"),
        business_days=business_days,
        until="decided",
    )
