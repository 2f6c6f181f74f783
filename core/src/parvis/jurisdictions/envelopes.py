"""An address of a town as it stands on an envelope."""

import re

from parvis.jurisdictions.jurisdiction import Jurisdiction

AS_TOWN = re.compile(r"^(?:Ville|Municipalité|Village|Paroisse|Canton)\s(?:de la\s|de l’|des\s|du\s|de\s|d’)")


def on_envelope(town: Jurisdiction, street: str, postal_code: str = "") -> str:
    """The street, then the municipality by its own name, the province and the postal code where it is known."""
    municipality = f"{AS_TOWN.sub('', town.name.to('fr'))} (Québec)"
    return f"{street}\n{municipality}  {postal_code}".rstrip()
