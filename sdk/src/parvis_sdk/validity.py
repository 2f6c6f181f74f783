"""Validity: until when what was granted holds, and what ends it early."""

from collections.abc import Iterator
from typing import ClassVar

from parvis_sdk.errors import Slip
from parvis_sdk.parts import Fact, Part
from parvis_sdk.text import Text


class Validity(Part, frozen=True, kw_only=True, omit_defaults=True):
    """How long a permit, a licence or a certificate holds, from the move that brings "valid" about.

    It ends after `months` or `days`, or on the date answered to that move or to the form under the code `until`, at the
    end of that day in the town; with none of them it never ends by itself.
    """

    part: ClassVar[str] = "validity"
    FACTS: ClassVar[dict[str, Fact]] = {
        "valid": Fact(title=Text(fr="{title}\u00a0: en vigueur", en="{title}: in force"), brought=True),
        "suspended": Fact(title=Text(fr="{title}\u00a0: suspension", en="{title}: suspended"), brought=True),
        "revoked": Fact(title=Text(fr="{title}\u00a0: révocation", en="{title}: revoked"), brought=True),
        "expired": Fact(title=Text(fr="{title}\u00a0: échéance passée", en="{title}: expired")),
    }
    months: int = 0
    days: int = 0
    until: str = ""

    def slips(self) -> Iterator[Slip]:
        """Every mistake of the author of this validity."""
        yield from super().slips()
        where = f"validity {self.code!r}"
        if sum(map(bool, (self.months, self.days, self.until))) > 1:
            yield Slip(where=where, what="it ends in two ways", now_what="give one of months, days and until")
        if self.months < 0 or self.days < 0:
            yield Slip(where=where, what="it ends before it begins", now_what="give months or days above zero")
