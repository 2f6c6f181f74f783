"""The cells of one line of the dashboard's tables: how each figure is said, and the list behind it."""

from collections.abc import Callable
from typing import NamedTuple

from parvis.i18n import format_number, format_percent
from parvis_dashboards.desk.behind import Lists
from parvis_dashboards.figures import Line

NOTHING = "–"


class Cell(NamedTuple):
    """One figure in words; `href` is empty where no list stands behind it."""

    words: str
    href: str = ""
    is_bad: bool = False


def cells_of(line: Line, lists: Lists, filtered_by: str) -> tuple[Cell, ...]:
    """In the order of the table's headings; made here, for a page says hundreds of them."""
    narrow = {filtered_by: line.code}

    def listed(number: int, behind: Callable[..., str], **more: str) -> Cell:
        return Cell(format_number(number), behind(**more, **narrow)) if number else Cell("0")

    return (
        listed(line.received, lists.received),
        listed(line.finished, lists.finished),
        listed(line.standing, lists.standing),
        listed(line.late, lists.late)._replace(is_bad=bool(line.late)),
        _delay(line.median),
        _delay(line.ninetieth),
        _delay(line.promised),
        _share(line.share_kept),
        listed(line.missed, lists.finished, promesse="manquee"),
        _delay(line.first_median),
        listed(line.reopened, lists.reopened),
        _share(line.share_settled),
    )


def _delay(days: float | None) -> Cell:
    return Cell(NOTHING if days is None else format_number(days, 1))


def _share(share: float | None) -> Cell:
    return Cell(NOTHING if share is None else format_percent(share))
