"""The shelves of the portal on which complaints stand."""

from parvis_sdk.request_types import Theme
from parvis_sdk.text import Text

NEIGHBOURHOOD = Theme(
    code="neighbourhood",
    title=Text(fr="Bruit, animaux et voisinage", en="Noise, animals and neighbours"),
    slug=Text(fr="voisinage", en="neighbourhood"),
    icon="noise",
)
CITY_SERVICES = Theme(
    code="city_services",
    title=Text(fr="Services de la Ville", en="Town services"),
    slug=Text(fr="services-de-la-ville", en="town-services"),
    icon="person",
)
