"""A list read to its end, page by page: for a sheet, or to do something with all of it."""

from parvis.requests.heart import Heart
from parvis.requests.lists.search import MOST, Filters, Row, Sort, queue
from parvis.requests.visibility import Viewer


async def whole_list(
    heart: Heart, viewer: Viewer, jurisdiction: str, filters: Filters, *, sort: Sort, most: int
) -> list[Row]:
    """The first rows of a list in its order, `most` of them at the end; one statement for each two hundred."""
    rows: list[Row] = []
    cursor = ""
    while len(rows) < most:
        found = await queue(heart, viewer, jurisdiction, filters, sort=sort, limit=MOST, cursor=cursor, count=False)
        rows.extend(found.rows)
        cursor = found.next_cursor
        if not cursor:
            break
    return rows[:most]
