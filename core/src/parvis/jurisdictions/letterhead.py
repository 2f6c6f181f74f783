"""The town at the head of its sheets of paper."""

from typing import Any

from parvis.i18n import say
from parvis.jurisdictions.jurisdiction import Jurisdiction


def town_head(town: Jurisdiction) -> dict[str, Any]:
    """The town as every sheet of paper says it."""
    return {
        "name": say(town.name),
        "mark": say(town.brand.logo_text),
        "logo": town.logo.name or None,
        "colour": town.brand.primary,
        "link": town.brand.link,
        "lines": [line for line in (say(town.address), town.phone, town.website) if line],
        "email": town.email,
    }
