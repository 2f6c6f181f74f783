"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="my_requests",
    title=Text(fr="Mes requêtes", en="My requests"),
    summary=Text(
        fr="Un lien envoyé par courriel ouvre à chaque personne sa page\u00a0: ses requêtes, celles qu’elle suit, ses "
        "préférences. Elle y télécharge ce que la Ville a sur elle, ou le fait corriger ou effacer.",
        en="A link sent by email opens a page for each person: their requests, those they follow, their preferences. "
        "There they download what the town holds about them, or have it corrected or erased.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_my_requests.tables",
    steps="parvis_my_requests.migrations",
    personal="parvis_my_requests.personal",
    heard="parvis_my_requests.heard",
    portal="parvis_my_requests.portal",
    chores="parvis_my_requests.chores",
)
