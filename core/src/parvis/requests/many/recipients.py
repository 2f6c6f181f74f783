"""Whom a step made for many is told: how many people by which way, and who is spared it, for a closing word told them.

Nobody is spared unless somebody asked for it, and then only those whom the closing word of that incident has reached.
"""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.announcements import heard
from parvis.requests.heart import Heart
from parvis.requests.parties.receivers import Receiver, by_way, receivers_about
from parvis.requests.records import Record


class RecipientCount(Struct, frozen=True, kw_only=True):
    """How many people are written to, by way, each address counted once; and how many are not."""

    ways: dict[str, int]
    spared: int = 0

    @property
    def people(self) -> int:
        return sum(self.ways.values())


async def written_to(
    heart: Heart, town: Jurisdiction, records: Sequence[Record], word: UUID | None = None
) -> RecipientCount:
    """Who is written to about a step of these; with `word`, whom that closing word has reached is left in peace."""
    about = await receivers_about(heart, town, records)
    known = await heard(heart, word, [each for those in about.values() for each in those]) if word else frozenset()
    told, spared = list[Receiver](), list[Receiver]()
    for those in about.values():
        (spared if _all_heard(those, known) else told).extend(those)
    addresses = {each.address for each in told}
    return RecipientCount(ways=by_way(told), spared=len({each.address for each in spared} - addresses))


async def is_spared(heart: Heart, town: Jurisdiction, record: Record, word: UUID) -> bool:
    """Whether everybody who would be written to about a step of this request has heard that closing word."""
    those = (await receivers_about(heart, town, [record])).get(record.id, ())
    return _all_heard(those, await heard(heart, word, those))


def _all_heard(those: Sequence[Receiver], known: frozenset[str]) -> bool:
    return all(each.address in known for each in those)
