"""References that may be meant by one that was misheard, or written down with one letter wrong."""

import re
from collections.abc import Iterator

from parvis.access_scope import Scope
from parvis.db.tables import ServiceRequest
from parvis.requests.references import ALPHABET, HEARD, LENGTH, normalise
from parvis.selection import within

MOST = 4
GAPS = re.compile(r"[\s\-\u2010-\u2015.]")
MEANT = "SELECT r.reference FROM service_request r WHERE r.reference IN ({marks}) AND {where} LIMIT {most}"


async def heard_wrong(scope: Scope, typed: str) -> tuple[str, ...]:
    """The requests of a scope whose number is one slip away from what was typed; none where that is a number.

    The check character leaves a score of numbers that may be meant, looked up by their index in one statement.
    """
    meant = sorted(_meant(typed)) if normalise(typed) is None else []
    if not meant:
        return ()
    where = within(scope, led=True)
    statement = MEANT.format(marks=", ".join(["{}"] * len(meant)), where=where.sql, most=MOST)
    rows = await ServiceRequest.raw(statement, *meant, *where.values)
    return tuple(sorted(row["reference"] for row in rows))


def _meant(typed: str) -> set[str]:
    characters = GAPS.sub("", typed[:40]).upper().translate(HEARD)
    if not re.fullmatch(r"[0-9A-Z]{8,10}", characters):
        return set()
    return {each for each in map(normalise, _slips(characters)) if each is not None}


def _slips(characters: str) -> Iterator[str]:
    """With one letter wrong, two swapped, one missing or one too many."""
    whole = LENGTH + 1
    for at in range(len(characters)):
        before, after = characters[:at], characters[at + 1 :]
        if len(characters) == whole:
            yield from (f"{before}{other}{after}" for other in ALPHABET)
            yield f"{before}{after[:1]}{characters[at]}{after[1:]}"
        elif len(characters) > whole:
            yield f"{before}{after}"
    if len(characters) < whole:
        for at in range(len(characters) + 1):
            yield from (f"{characters[:at]}{other}{characters[at:]}" for other in ALPHABET)
