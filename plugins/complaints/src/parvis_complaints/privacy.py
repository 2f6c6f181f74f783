"""Why complaints ask for personal information, and how each answer is protected."""

from parvis_sdk.fields import Privacy, Sensitivity
from parvis_sdk.request_types import Retention
from parvis_sdk.text import Text

THREE_YEARS = Retention(
    days=1095,
    then="anonymise",
    rule=Text(
        fr="dossier de plainte, conservé trois ans selon le calendrier de conservation",
        en="complaint file, kept for three years by the retention schedule",
    ),
)

OTHERS_ADDRESS = Privacy(
    sensitivity=Sensitivity.PERSONAL,
    purpose=Text(
        fr="Envoyer une lettre et faire l’inspection à la bonne adresse.",
        en="To send a letter and inspect at the right address.",
    ),
)
OWN_ADDRESS = Privacy(
    sensitivity=Sensitivity.SENSITIVE,
    purpose=Text(
        fr=(
            "Constater le problème de chez vous et vérifier que vous habitez à proximité. Jamais "
            "montrée à la personne visée."
        ),
        en=(
            "To observe the problem from your home and check that you live nearby. Never shown to the person concerned."
        ),
    ),
    identifies=True,
)
STORY = Privacy(
    sensitivity=Sensitivity.PERSONAL,
    purpose=Text(
        fr="Comprendre les faits et décider s’il y a infraction.",
        en="To understand the facts and decide whether there is an offence.",
    ),
)
EMPLOYEE = Privacy(
    sensitivity=Sensitivity.SENSITIVE,
    purpose=Text(
        fr="Permettre l’examen de la plainte par une personne qui n’est pas en cause.",
        en="To let somebody who is not involved examine the complaint.",
    ),
    identifies=True,
)
