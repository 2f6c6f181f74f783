"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="my_requests",
    title=Text(fr="Mes requêtes", en="My requests"),
    summary=Text(
        fr="Un lien envoyé par courriel donne à chaque personne accès à sa page\u00a0: ses "
        "requêtes, celles qu’elle suit, ses préférences. Elle y télécharge ses renseignements, "
        "ou les fait corriger ou effacer.",
        en="A link sent by email gives each person access to their own page: their requests, those "
        "they follow, their preferences. There they can download their information, or have it "
        "corrected or erased.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_my_requests.tables",
    steps="parvis_my_requests.migrations",
    personal="parvis_my_requests.personal",
    heard="parvis_my_requests.heard",
    portal="parvis_my_requests.portal",
    chores="parvis_my_requests.chores",
)
