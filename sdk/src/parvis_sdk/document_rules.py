"""The rules of documents: their numbers, the lines that they number, and what refuses them."""

import re

from parvis_sdk.text import Text

WIDTH = re.compile(r"\{number:\d+\}")
BULLET = re.compile(r"^\s*(?:[-–•*]|\d{1,2}[.)])\s+")
SOMEBODY = Text(fr="la personne requérante", en="the applicant")
NOT_A_WORD = Text(
    fr="Le document «\u00a0{title}\u00a0» n’accorderait rien\u00a0: il manque {names}. Complétez la demande d’abord.",
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
