"""Service levels as a rule set of the town: where their versions are kept, and with which it begins."""

from collections.abc import Callable

from msgspec import structs

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.levels import StandingLevels
from parvis_rulesets.editing import EditConflict
from parvis_rulesets.versions import Ruleset, VersionSheet, in_force
from parvis_sdk.text import Text
from parvis_service_levels.escalation import Escalation, WatchedLevels, levels_of_files
from parvis_service_levels.tables import LevelDraft, LevelSet

NAME = "service_levels"  # of the module
LEVELS: Ruleset[WatchedLevels] = Ruleset(
    body=WatchedLevels,
    of_files=levels_of_files,
    files_word="Niveaux de service des fichiers de la ville",
    in_file="The first line that fits is promised; every condition written in a line must hold.",
    versions=LevelSet,
    drafts=LevelDraft,
    remembered=StandingLevels,
    sheet=VersionSheet(
        name="procedures/level_versions.csv",
        title=Text(
            fr="Versions des niveaux de service en vigueur pendant la période",
            en="Versions of the service levels in force during the period",
        ),
        file="procedures/levels/levels-{}.toml",
        whole=Text(fr="texte complet des niveaux", en="full text of the levels"),
    ),
)
PROCEDURES = (LEVELS,)


def raised_by(escalation: Escalation, saw: Escalation) -> Callable[[WatchedLevels], WatchedLevels | EditConflict]:
    """Other warnings, if they are still as they were seen."""

    def edit(levels: WatchedLevels) -> WatchedLevels | EditConflict:
        if levels.escalation not in (saw, escalation):
            return EditConflict(now=levels.escalation)
        return structs.replace(levels, escalation=escalation)

    return edit


async def escalation_in(host: Host, town: Jurisdiction) -> Escalation:
    """When a town's own people are told, as it is in force."""
    return (await in_force(LEVELS, host, town)).body.escalation
