"""Overlaps: whether others ask for the same ground at the same time."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField, Date, Number
from parvis_sdk.text import Text

OVERLAPS, OVERLAP_AREA, OVERLAP_LENGTH = "@overlaps", "@overlap_area", "@overlap_length"
OVERLAP_NUMBERS = (
    Number(code=OVERLAPS, label=Text(fr="Autres requêtes au même endroit", en="Other requests on the same ground")),
    Number(
        code=OVERLAP_AREA,
        label=Text(fr="Surface commune", en="Area in common"),
        unit=Text(fr="m²", en="m²"),
        decimals=1,
    ),
    Number(
        code=OVERLAP_LENGTH,
        label=Text(fr="Longueur commune", en="Length in common"),
        unit=Text(fr="m", en="m"),
        decimals=1,
    ),
)
"""What is known of overlaps, as questions that nobody asks: in conditions they are compared like any number."""


class Overlap(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Requests that want the same ground: their areas meet, and so do their days.

    `first` and `last` are the dates asked in the form, both included. Those of this kind are compared with one another,
    and with those of the kinds in `types` that declare overlaps too. The people of the town see what overlaps, and so
    does the person who gives an opinion: how much ground is in common, on which days, and which they may see.

    Needs of steps may look at it as at an answer: at `OVERLAPS`, how many others there are, `OVERLAP_AREA`, the square
    metres in common with all of them, and `OVERLAP_LENGTH`, the metres of lines. A town knows them of types that
    have a `Validity`; elsewhere they are not answered.
    """

    first: str
    last: str
    types: tuple[str, ...] = ()


def overlap_mistakes(
    overlap: Overlap | None, fields: Sequence[AnyField], shapes: Sequence[str]
) -> Iterator[DeclarationMistake]:
    """Whether the form asks for the dates and areas that are compared."""
    if overlap is None:
        return
    known = {field.code: field for field in fields}
    for name, code in (("first", overlap.first), ("last", overlap.last)):
        if not isinstance(known.get(code), Date):
            yield DeclarationMistake(
                where=f"overlaps · {name}", what=f"{code!r} is no date of the form", now_what="name a Date"
            )
    if "polygon" not in shapes and "line" not in shapes:
        what = "its places are points, which do not overlap"
        yield DeclarationMistake(where="overlaps", what=what, now_what="let areas be drawn: shapes=('polygon',)")
