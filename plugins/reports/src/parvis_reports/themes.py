"""The shelves of the portal on which reports stand."""

from parvis_reports.abouts import SWEEPING
from parvis_sdk.request_types import Theme
from parvis_sdk.text import Text

STREETS = Theme(
    code="streets",
    title=Text(fr="Rues et trottoirs", en="Streets and sidewalks"),
    slug=Text(fr="rues-et-trottoirs", en="streets-and-sidewalks"),
    icon="road",
    answers=(SWEEPING,),
)
LIGHTING = Theme(
    code="lighting",
    title=Text(fr="Éclairage", en="Lighting"),
    slug=Text(fr="eclairage", en="lighting"),
    icon="light",
)
COLLECTION = Theme(
    code="collection",
    title=Text(fr="Collectes", en="Waste collection"),
    slug=Text(fr="collectes", en="waste-collection"),
    icon="bin",
)
CLEANLINESS = Theme(
    code="cleanliness",
    title=Text(fr="Propreté", en="Cleanliness"),
    slug=Text(fr="proprete", en="cleanliness"),
    icon="spray",
)
GREEN = Theme(
    code="green",
    title=Text(fr="Arbres et parcs", en="Trees and parks"),
    slug=Text(fr="arbres-et-parcs", en="trees-and-parks"),
    icon="tree",
)
SNOW = Theme(
    code="snow", title=Text(fr="Neige et glace", en="Snow and ice"), slug=Text(fr="neige", en="snow"), icon="snow"
)
