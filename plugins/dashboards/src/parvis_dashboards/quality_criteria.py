"""What is asked of each closed request that is drawn for a quality sample, as the town's file says."""

from msgspec import Struct

from parvis.jurisdictions.reading import Table
from parvis.jurisdictions.town_files import TownFile
from parvis_sdk.text import Text

MOST = 12  # of one checklist: it is short, or nobody goes through it


class Criterion(Struct, frozen=True, kw_only=True):
    """One line, which a request meets or not."""

    code: str
    title: Text


USUAL: tuple[Criterion, ...] = (
    Criterion(code="on_time", title=Text(fr="Réponse dans le délai promis", en="Answered by the promised date")),
    Criterion(code="clear", title=Text(fr="Messages clairs et complets", en="Clear and complete messages")),
    Criterion(code="right_unit", title=Text(fr="Traitée par la bonne unité", en="Handled by the right unit")),
    Criterion(
        code="photo", title=Text(fr="Photo du résultat avant la fermeture", en="Photo of the result before closing")
    ),
)


def read_criteria(table: Table) -> tuple[Criterion, ...]:
    """`[quality]` with `criteria`: a table with a code and its words for each, in their order."""
    given = table.table("criteria")
    found = tuple(Criterion(code=code, title=given.text(code, required=True)) for code in given.values)
    if len(found) > MOST:
        table.wrong("criteria", f"has {len(found)} lines", f"keep {MOST} at most")
    table.close()
    return found or USUAL


CRITERIA = TownFile(name="[quality]", read=lambda table, around: read_criteria(table), usual=USUAL)
