"""What this module brings."""

from parvis.modules import Command, Module, Right
from parvis_sdk.text import Text

MODULE = Module(
    name="audit_pack",
    title=Text(fr="Dossier de vérification", en="Audit file"),
    summary=Text(
        fr="Archive signée de ce qui a été promis et de ce qui a été fait, pour une unité et une période. "
        "Elle se vérifie sans Parvis.",
        en="A signed archive of what was promised and what was done, for a unit and a period. It can be "
        "verified without Parvis.",
    ),
    host=">=0.1,<0.2",
    needs=("rulesets", "seals"),
    desk="parvis_audit_pack.desk",
    rights=(
        Right(
            name="audit",
            title=Text(fr="télécharger le dossier de vérification", en="download the audit file"),
            roles=("manager", "auditor"),
        ),
    ),
    commands=(
        Command(
            group="requests",
            name="audit",
            summary="Write the audit file of a town or a unit for a period.",
            written="parvis_audit_pack.commands:audit",
        ),
    ),
)
