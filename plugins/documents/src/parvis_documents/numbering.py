"""Numbers of documents: one series for each town and pattern, begun anew each year where the pattern names the year.

A number is taken in the transaction that issues its document and given back when it fails, so that no number is ever
used twice and none is lost. A gap therefore means only that somebody changed the pattern.
"""

from collections.abc import MutableMapping

from msgspec import Struct

from parvis.db import held
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis_documents.tables import Document as DocumentRow
from parvis_documents.tables import Series
from parvis_sdk.document_rules import series_of


class DocumentNumber(Struct, frozen=True, kw_only=True):
    """A number, and what its series must remember once it is used."""

    number: str
    series: str
    count: int


async def next_number(
    host: Host, town: Jurisdiction, pattern: str, year: int, counted: MutableMapping[str, int]
) -> DocumentNumber:
    """Inside a transaction, the series held to its end: the next number. `counted` are those given before in it."""
    # Padding does not tell two series apart: `{number:04}` and `{number:05}` count on together.
    series = f"{town.code}:{series_of(pattern, year)}"[:160]
    await Series.insert(Series(key=series, last=0)).on_conflict(target=Series.key, action="DO NOTHING")
    rows = await held(Series.select(Series.last).where(Series.key == series), host.engine)
    count = max(rows[0]["last"], counted.get(series, 0)) + 1
    while await _is_taken(town, number := pattern.format(year=year, number=count)):
        count += 1  # by another series whose numbers happen to look the same
    counted[series] = count
    return DocumentNumber(number=number, series=series, count=count)


async def _is_taken(town: Jurisdiction, number: str) -> bool:
    return await DocumentRow.exists().where((DocumentRow.jurisdiction == town.code) & (DocumentRow.number == number))


async def use_number(numbered: DocumentNumber) -> None:
    """Inside the same transaction, once the document is made: the series goes on from here."""
    await Series.update({Series.last: numbered.count}).where(Series.key == numbered.series)
