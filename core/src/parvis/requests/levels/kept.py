"""Service levels as a procedure of the town: where their versions are kept, and with which it begins."""

from parvis.db.level_tables import LevelDraft, LevelSet
from parvis.requests.levels.lines import Levels, of_files
from parvis.requests.procedures.kept import Kept

LEVELS = Kept(
    body=Levels,
    of_files=of_files,
    files_word="Niveaux de service des fichiers de la ville",
    versions=LevelSet,
    drafts=LevelDraft,
    remembered=lambda heart: heart.levels,
)
