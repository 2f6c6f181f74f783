"""By hand: `python -m tests.counterparts.arcgis [port]` serves requests and three addresses until it is stopped."""

import sys
import threading

from . import Access, Address, Field, Layer, arcgis_server

REQUESTS = Layer(
    "demandes",
    fields=(
        Field("reference", length=20),
        Field("titre", length=80),
        Field("etat", length=12, domain={"recue": "Reçue", "en_cours": "En cours", "faite": "Faite"}),
    ),
)
ADDRESSES = (
    Address(number="275", street="rue Notre-Dame Est", city="Montréal", postal="H2Y 1C6", x=-73.5540, y=45.5088),
    Address(number="1", street="place Jacques-Cartier", city="Montréal", postal="H2Y 3B1", x=-73.5531, y=45.5078),
    Address(street="rue Notre-Dame Est", city="Montréal", x=-73.54, y=45.52, kind="StreetName", locator="Rue"),
)

if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 6080
    with arcgis_server([REQUESTS], addresses=ADDRESSES, access=Access(), port=port) as town:
        sys.stdout.write(f"{town.features_url}\n{town.geocoder_url}\n{Access()}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
