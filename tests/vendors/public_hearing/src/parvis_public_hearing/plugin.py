"""What this module brings."""

from parvis.modules import KeyScope, Module, Right
from parvis_sdk.text import Text

MODULE = Module(
    name="public_hearing",
    title=Text(fr="Audiences publiques", en="Public hearings"),
    summary=Text(
        fr="La Ville convoque une audience, la rappelle, et attend qu’elle ait eu lieu.",
        en="The town calls a hearing, reminds of it, and waits until it was held.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_public_hearing.tables",
    steps="parvis_public_hearing.migrations",
    personal="parvis_public_hearing.personal",
    part_kinds="parvis_public_hearing.parts",
    desk="parvis_public_hearing.desk",
    resident="parvis_public_hearing.resident",
    api="parvis_public_hearing.api",
    chores="parvis_public_hearing.chores",
    figures="parvis_public_hearing.figures",
    queue_actions="parvis_public_hearing.for_many",
    settings="parvis_public_hearing.settings",
    rights=(
        Right(
            name="hearings",
            title=Text(fr="convoquer des audiences publiques", en="call public hearings"),
            roles=("agent", "manager"),
        ),
    ),
    scopes=(
        KeyScope(
            name="hearings:read",
            title=Text(fr="Lire les audiences publiques", en="Read public hearings"),
            rights=("see",),
        ),
    ),
)
