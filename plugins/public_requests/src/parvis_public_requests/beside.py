"""What each line of the public list also shows: a public photo, and how many people reported the same thing."""

from collections.abc import Sequence

from msgspec import Struct

from parvis.requests.attached.attachments import StoredFile, kept_of_all
from parvis.requests.lists.search import Row
from parvis.requests.persons.followers import followers_counted

TOLD_FROM = 2  # people: one is nobody but the person who made it


class Beside(Struct, frozen=True, kw_only=True):
    """Of one request: the id of its newest public photo, and the number of people where it is told."""

    photo: str = ""
    people: int = 0


async def beside(rows: Sequence[Row]) -> dict[str, Beside]:
    """Of each line, by its reference; two statements for a page."""
    ids = [row.id for row in rows]
    files = await kept_of_all(ids) if ids else {}
    following = await followers_counted(ids)
    found: dict[str, Beside] = {}
    for row in rows:
        photos = [each.attachment.id for each in files.get(row.id, ()) if is_shown(each)]
        people = following.get(row.id, 0) + row.merged + (0 if row.by_town else 1)
        found[row.reference] = Beside(photo=photos[-1] if photos else "", people=people if people >= TOLD_FROM else 0)
    return found


def is_shown(file: StoredFile) -> bool:
    """Whether everybody may see it, in small."""
    return file.audience == "public" and file.is_ready and bool(file.small)
