"""The ledger of an announcement: who was to be told, by which way, and what became of it."""

from collections.abc import Iterable
from uuid import UUID

from parvis.db.incident_tables import IncidentTold, IncidentWord
from parvis.requests.heart import Heart
from parvis.requests.persons.receivers import Receiver, mark_of
from parvis.requests.situation.bulletin import Word, word_of


async def closing_word(incident: UUID) -> Word | None:
    """The word that ended an incident; None where it ended without one, or has not ended."""
    of = IncidentWord
    closing = (of.incident == incident) & (of.closing == True)  # noqa: E712 - a column
    row = await of.select().where(closing).order_by(of.number, ascending=False).first()
    return word_of(row) if row else None


async def heard(heart: Heart, word: UUID, receivers: Iterable[Receiver]) -> frozenset[str]:
    """Of these addresses, those that stand in the ledger of an announcement."""
    marked = {mark_of(heart, each.address): each.address for each in receivers}
    of = IncidentTold
    rows = await of.select(of.address).where((of.word == word) & of.address.is_in(list(marked))) if marked else []
    return frozenset(marked[row["address"]] for row in rows)
