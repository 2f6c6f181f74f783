"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="drafts",
    title=Text(fr="Reprise des brouillons", en="Continuing drafts"),
    summary=Text(
        fr="Une requête commencée se retrouve à l’accueil et se continue sur un autre appareil par un lien privé.",
        en="A request that was begun is found on the home page and continued on another device by a private link.",
    ),
    host=">=0.1,<0.2",
    portal="parvis_drafts.portal",
)
