"""Who takes part in an application beside the person who makes it, and what each may do."""

from parvis_sdk.parties import PartyRole
from parvis_sdk.text import Text

PEOPLE = (
    PartyRole(
        code="owner",
        title=Text(fr="Propriétaire", en="Owner"),
        help=Text(
            fr="Voit tout le dossier, écrit à la Ville, prend les décisions et donne accès à d’autres personnes.",
            en="Sees the whole file, writes to the town, makes the decisions and gives access to other people.",
        ),
        may=("personal", "messages", "answer", "act", "invite"),
    ),
    PartyRole(
        code="agent",
        title=Text(fr="Mandataire", en="Authorized representative"),
        help=Text(
            fr="Agit à votre place. Joignez son mandat écrit.",
            en="Acts on your behalf. Attach the written mandate.",
        ),
        may=("personal", "messages", "answer", "act"),
        mandate=True,
        most=1,
    ),
    PartyRole(
        code="contractor",
        title=Text(fr="Entrepreneur", en="Contractor"),
        help=Text(
            fr="Voit la demande et ses documents, et fournit ce qui manque.",
            en="Sees the application and its documents, and provides what is missing.",
        ),
        may=("answer",),
    ),
    PartyRole(
        code="professional",
        title=Text(fr="Architecte, ingénieur ou technologue", en="Architect, engineer or technologist"),
        help=Text(
            fr="Voit la demande et ses documents, et remplace les plans à corriger.",
            en="Sees the application and its documents, and replaces plans that must be corrected.",
        ),
        may=("answer",),
    ),
)
