"""What both types share: where they stand, and how long and how near."""

from parvis_sdk.request_types import Theme
from parvis_sdk.text import Text

DAYS_KEPT = 90
MOST_METRES = 500
THEME = Theme(
    code="lost_and_found",
    title=Text(fr="Objets perdus et trouvés", en="Lost and found"),
    slug=Text(fr="objets-perdus-et-trouves", en="lost-and-found"),
)
