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
        en="To check that the application comes from the owner or from somebody the owner mandated.",
    ),
    identifies=True,
)
PROPERTY = Privacy(
    sensitivity=Sensitivity.PERSONAL,
    purpose=Text(
        fr="Étudier la demande sur le bon terrain et vérifier la plantation qui remplace l’arbre.",
        en="To study the application on the right property and to check the planting that replaces the tree.",
    ),
)
