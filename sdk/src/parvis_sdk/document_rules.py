"""The rules of documents: their numbers, their lines and tables, and what refuses them."""

import re
from collections.abc import Iterable

from parvis_sdk.requests import Owed
from parvis_sdk.text import Text

WIDTH = re.compile(r"\{number:\d+\}")
BULLET = re.compile(r"^\s*(?:[-–•*]|\d{1,2}[.)])\s+")
SOMEBODY = Text(fr="la personne requérante", en="the applicant")
FEE_COLUMNS = (Text(fr="Poste", en="Item"), Text(fr="Montant", en="Amount"))
OPINION_COLUMNS = (
    Text(fr="Service ou organisme", en="Department or body"),
    Text(fr="Avis", en="Opinion"),
    Text(fr="Date", en="Date"),
)
LET_OFF = Text(fr="Exonération", en="Waived")
TOTAL = Text(fr="Total", en="Total")
NOT_A_WORD = Text(
    fr="Le document «\u00a0{title}\u00a0» n’accorderait rien\u00a0: il manque {names}. Complétez la requête d’abord.",
    en="The document “{title}” would grant nothing: {names} is missing. Complete the request first.",
)


def series_of(pattern: str, year: int) -> str:
    """The series in which numbers of this pattern are counted: padding does not tell two apart.

    >>> series_of("PC-{year}-{number:05}", 2026)
    'PC-2026-{number}'
    """
    return WIDTH.sub("{number}", pattern).replace("{year}", str(year))


def without_bullet(line: str) -> str:
    """A line of conditions without the mark that somebody put before it: the document numbers them.

    >>> without_bullet("2) Laisser 4 m")
    'Laisser 4 m'
    """
    return BULLET.sub("", line)


def fee_rows(charges: Iterable[Owed], fee: str) -> tuple[tuple[Text, int], ...]:
    """The lines of a fee in cents, its sum last; none of a charge that was replaced."""
    charged = [each for each in charges if each.fee == fee and each.state != "replaced"]
    rows = [(item.title, item.cents) for each in charged for item in each.items]
    rows += [(LET_OFF, -each.cents) for each in charged if each.state == "waived" and each.cents]
    return (*rows, (TOTAL, sum(cents for _, cents in rows))) if rows else ()
