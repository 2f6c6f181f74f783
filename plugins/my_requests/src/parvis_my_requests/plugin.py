"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="my_requests",
    title=Text(fr="Mes requêtes", en="My requests"),
    summary=Text(
        fr="Un lien envoyé par courriel ouvre à chaque personne sa page\u00a0: ses requêtes, celles qu’elle suit, ses "
        "préférences, et tout ce que la Ville a sur elle, à télécharger, à faire corriger ou effacer.",
        en="A link sent to their email opens a page for each person: all their requests, those they follow, their "
        "preferences, and everything the town holds about them, to download, to have corrected or erased.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_my_requests.tables",
    steps="parvis_my_requests.migrations",
    personal="parvis_my_requests.personal",
    heard="parvis_my_requests.heard",
    portal="parvis_my_requests.portal",
    chores="parvis_my_requests.chores",
)
