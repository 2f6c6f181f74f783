"""Why a permit asks for personal information, and how long its file is kept."""

from parvis_sdk.fields import Privacy, Sensitivity
from parvis_sdk.request_types import Retention
from parvis_sdk.text import Text

SEVEN_YEARS = Retention(
    days=2557,
    then="anonymise",
    rule=Text(
        fr="dossier de permis, conservé sept ans selon le calendrier de conservation",
        en="permit file, kept for seven years by the retention schedule",
    ),
)

OWNERSHIP = Privacy(
    sensitivity=Sensitivity.PERSONAL,
    purpose=Text(
        fr="Vérifier que la demande vient du propriétaire ou d’une personne qu’il a mandatée.",
        en="To check that the application comes from the owner or from a person authorized by the owner.",
    ),
    identifies=True,
)
PROPERTY = Privacy(
    sensitivity=Sensitivity.PERSONAL,
    purpose=Text(
        fr="Étudier la demande et vérifier la plantation de remplacement sur le bon terrain.",
        en="To review the application and check the replacement planting on the right property.",
    ),
)
