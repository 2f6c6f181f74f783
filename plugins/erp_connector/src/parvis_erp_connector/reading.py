"""Where a poll begins and ends: by the clock of the other system, with a margin for what is written down late there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

LATE = timedelta(minutes=2)  # a change may be seen that much after its own time
BEFORE = timedelta(days=1)  # the first poll of all looks back so far


class Page(Struct, frozen=True, kw_only=True):
    """When what was read of one table changed, in that order, and whether there is more of it."""

    changed: list[datetime]
    more: bool


def since(cursor: str, now: datetime) -> tuple[datetime, datetime]:
    """From when to ask, and what was read already: the same again is known by what was told of it."""
    if not cursor:
        return now - BEFORE, now - BEFORE
    read = datetime.fromisoformat(cursor)
    return read - LATE, read


def cursor_after(past: datetime, pages: Sequence[Page]) -> str:
    """Where the next poll begins: at the newest change that was seen, but behind none of a page that goes on."""
    cut_off = [page.changed[-1] for page in pages if page.more and page.changed]
    newest = [at for page in pages for at in page.changed]
    return (min(cut_off) if cut_off else max([past, *newest])).isoformat()
