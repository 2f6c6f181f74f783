"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="following",
    title=Text(fr="Suivi des requêtes d’autres personnes", en="Following requests of others"),
    summary=Text(
        fr="Une personne touchée par un problème déjà signalé suit la requête au lieu d’en envoyer une autre. Elle "
        "reçoit un courriel à chaque étape.",
        en="A person concerned by a problem that is already reported follows the request instead of sending another "
        "one. They receive an email at each step.",
    ),
    host=">=0.1,<0.2",
    portal="parvis_following.portal",
    api="parvis_following.api",
)
