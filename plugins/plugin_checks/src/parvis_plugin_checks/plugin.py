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
            summary="Every trouble of what is installed, or of a folder or wheel.",
            written="parvis_plugin_checks.checking:check",
        ),
        Command(
            group="plugins",
            name="show",
            summary="Everything one plugin declares, with the life of its requests drawn.",
            written="parvis_plugin_checks.showing:show",
        ),
        Command(
            group="plugins",
            name="rate",
            summary="How good a plugin is, each rule with its reasons.",
            written="parvis_plugin_checks.rating:rate",
        ),
        Command(
            group="plugins",
            name="changes",
            summary="What a new version would change here, before it is installed.",
            written="parvis_plugin_checks.changing:changes",
        ),
        Command(
            group="plugins",
            name="lock",
            summary="Write down the digests of wheels that were judged.",
            written="parvis_plugin_checks.locking:lock",
        ),
        Command(
            group="plugins",
            name="install",
            summary="Install what a lock names, each wheel with its digest checked.",
            written="parvis_plugin_checks.locking:install",
        ),
        Command(
            name="rehearse",
            summary="Try deliveries against a system that hangs, refuses or sends invalid data.",
            written="parvis_plugin_checks.rehearsing:rehearse",
        ),
    ),
)
