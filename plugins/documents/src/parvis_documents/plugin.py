"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="documents",
    title=Text(fr="Documents", en="Documents"),
    summary=Text(
        fr="Permis, attestations et lettres numérotés, que tout le monde peut vérifier au moyen d’un code.",
        en="Numbered permits, certificates and letters that anyone can verify with a code.",
    ),
    host=">=0.1,<0.2",
    needs=("typesetting", "seals"),
    tables="parvis_documents.tables",
    steps="parvis_documents.migrations",
    personal="parvis_documents.personal",
    town_files="parvis_documents.town_files",
    part_kinds="parvis_documents.parts",
    desk="parvis_documents.desk",
    resident="parvis_documents.resident",
    portal="parvis_documents.portal",
    api="parvis_documents.api",
)
