"""What this module brings."""

from parvis.modules import Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="plugin_checks",
    title=Text(fr="Vérification des extensions", en="Plugin checks"),
    summary=Text(
        fr="Vérification, présentation et note d’une extension avant son installation; essai d’un connecteur.",
        en="Checks, shows and rates a plugin before it is installed; rehearses a connector.",
    ),
    host=">=0.1,<0.2",
    commands=(
        Command(
            group="plugins",
            name="check",
            summary="List every problem of the installed plugins, or of a folder or wheel.",
            written="parvis_plugin_checks.checking:check",
        ),
        Command(
            group="plugins",
            name="show",
            summary="Show everything that a plugin declares, with a diagram of its workflows.",
            written="parvis_plugin_checks.showing:show",
        ),
        Command(
            group="plugins",
            name="rate",
            summary="Rate the quality of a plugin, rule by rule, with reasons.",
            written="parvis_plugin_checks.rating:rate",
        ),
        Command(
            group="plugins",
            name="changes",
            summary="Show what a new version would change here, before it is installed.",
            written="parvis_plugin_checks.changing:changes",
        ),
        Command(
            group="plugins",
            name="lock",
            summary="Record the digests of reviewed wheels in a lock file.",
            written="parvis_plugin_checks.locking:lock",
        ),
        Command(
            group="plugins",
            name="install",
            summary="Install the wheels of a lock file, after checking their digests.",
            written="parvis_plugin_checks.locking:install",
        ),
        Command(
            name="rehearse",
            summary="Try deliveries against a system that hangs, refuses or sends invalid data.",
            written="parvis_plugin_checks.rehearsing:rehearse",
        ),
    ),
)
