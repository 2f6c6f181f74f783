"""The town at the head of its sheets of paper, and an address as it stands on an envelope."""

import re
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


AS_TOWN = re.compile(r"^(?:Ville|Municipalité|Village|Paroisse|Canton)\s(?:de la\s|de l’|des\s|du\s|de\s|d’)")


def on_envelope(town: Jurisdiction, street: str, postal_code: str = "") -> str:
    """The street, then the municipality by its own name, the province and the postal code where it is known."""
    municipality = f"{AS_TOWN.sub('', town.name.to('fr'))} (Québec)"
    return f"{street}\n{municipality}  {postal_code}".rstrip()
