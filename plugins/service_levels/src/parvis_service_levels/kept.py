"""Service levels as a procedure of the town: where their versions are kept, and with which it begins."""

from collections.abc import Callable

from msgspec import structs

from parvis.requests.levels.in_force import StandingLevels
from parvis.requests.levels.lines import Levels, of_files
from parvis.requests.procedures.editing import Overtaken
from parvis.requests.procedures.kept import Kept, VersionSheet
from parvis.territory.escalation import Escalation
from parvis_sdk.text import Text
from parvis_service_levels.tables import LevelDraft, LevelSet

NAME = "service_levels"  # of the module
LEVELS = Kept(
    body=Levels,
    of_files=of_files,
    files_word="Niveaux de service des fichiers de la ville",
    in_file="The first line that fits is promised; every condition written in a line must hold.",
    versions=LevelSet,
    drafts=LevelDraft,
    remembered=StandingLevels,
    sheet=VersionSheet(
        name="procedures/level_versions.csv",
        title=Text(
            fr="Les versions des niveaux de service qui ont été en vigueur pendant la période",
            en="The versions of the service levels that were in force in the period",
        ),
        file="procedures/levels/levels-{}.toml",
        whole=Text(fr="les niveaux entiers", en="the whole levels"),
    ),
)
PROCEDURES = (LEVELS,)


def raised_by(escalation: Escalation, saw: Escalation) -> Callable[[Levels], Levels | Overtaken]:
    """Other warnings, if they are still as they were seen."""

    def edit(levels: Levels) -> Levels | Overtaken:
        if levels.escalation not in (saw, escalation):
            return Overtaken(now=levels.escalation)
        return structs.replace(levels, escalation=escalation)

    return edit
