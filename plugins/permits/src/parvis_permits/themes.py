"""The shelf of the portal on which permits stand."""

from parvis_sdk.request_types import Theme
from parvis_sdk.text import Text

PERMITS = Theme(
    code="permits",
    title=Text(fr="Permis et certificats", en="Permits and certificates"),
    slug=Text(fr="permis", en="permits"),
    icon="document",
)
