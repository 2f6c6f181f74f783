"""What this module brings: the keys of towns to those who sign, and the page of the certificate."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="seals",
    title=Text(fr="Sceaux des villes", en="Seals of towns"),
    summary=Text(
        fr="La Ville signe ses documents et ses dossiers de vérification; son certificat est publié pour comparer.",
        en="The town signs its documents and packs for auditors; its certificate is published to be compared.",
    ),
    host=">=0.1,<0.2",
    portal="parvis_seals.page",
    given="parvis_seals.giving",
)
