"""Who takes part in an application beside the person who makes it, and what each may do."""

from parvis_sdk.parties import PartyRole
from parvis_sdk.text import Text

PEOPLE = (
    PartyRole(
        code="owner",
        title=Text(fr="Propriétaire", en="Owner"),
        help=Text(
            fr="Voit tout, écrit à la Ville, décide et donne accès à d’autres.",
            en="Sees everything, writes to the town, decides and gives access to others.",
        ),
        may=("personal", "messages", "answer", "act", "invite"),
    ),
    PartyRole(
        code="agent",
        title=Text(fr="Mandataire", en="Agent with a mandate"),
        help=Text(
            fr="Agit à votre place\u00a0: joignez le mandat écrit.",
            en="Acts in your place: attach the written mandate.",
        ),
        may=("personal", "messages", "answer", "act"),
        mandate=True,
        most=1,
    ),
    PartyRole(
        code="contractor",
        title=Text(fr="Entrepreneur", en="Contractor"),
        help=Text(
            fr="Voit la demande et ses documents, complète ce qui manque.",
            en="Sees the application and its documents, completes what is missing.",
        ),
        may=("answer",),
    ),
    PartyRole(
        code="professional",
        title=Text(fr="Architecte, ingénieur ou technologue", en="Architect, engineer or technologist"),
        help=Text(
            fr="Voit la demande et ses documents, remplace les plans à corriger.",
            en="Sees the application and its documents, replaces plans that are to be corrected.",
        ),
        may=("answer",),
    ),
)
