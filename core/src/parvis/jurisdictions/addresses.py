"""An address as it was found, and what a town can say of its addresses: a module that knows them declares it."""

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import msgspec

from parvis.jurisdictions.jurisdiction import Jurisdiction
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import words_of

Kind = Literal["address", "crossing", "place", "street"]
Fit = Literal["exact", "corrected", "completed", "near"]


class FoundAddress(msgspec.Struct, frozen=True, kw_only=True):
    """One place found. `fit`: as typed, with slips mended, with words completed, or only near what was asked."""

    text: str
    lon: float
    lat: float
    postal_code: str = ""
    place: str = ""
    kind: Kind = "address"
    fit: Fit = "exact"
    asked: str = ""
    metres: int | None = None

    @property
    def note(self) -> Text:
        """What a person must know before choosing it; empty when it is what was asked."""
        if self.fit != "near":
            return Text(fr="")
        if self.kind == "crossing":
            return Text(
                fr="intersection située d’après les adresses voisines", en="crossing placed by the addresses around it"
            )
        if not self.asked:
            return Text(fr="autre code postal", en="another postal code")
        return Text(fr=f"le {self.asked} n’est pas parmi nos adresses", en=f"{self.asked} is not among our addresses")


class Street(msgspec.Struct, frozen=True, kw_only=True):
    """A name and the line under it, in degrees; a single point where only that is known."""

    name: str
    line: tuple[tuple[float, float], ...]


class Addresses(Protocol):
    """What a town may be asked of its addresses; the same as long as its files are."""

    def __hash__(self) -> int: ...

    def search(self, text: str, limit: int, near: tuple[float, float] | None = None) -> tuple[FoundAddress, ...]:
        """What the words may mean, the likeliest first; of equals those near a point, else the middle of the town."""
        ...

    def exact(self, text: str) -> tuple[FoundAddress, ...] | None:
        """The addresses written just so, in no order; None for what only a search can answer."""
        ...

    def nearest(self, lon: float, lat: float, within_m: float) -> FoundAddress | None:
        """The address nearest to a point, with its distance."""
        ...

    def streets(self) -> tuple[Street, ...]:
        """Lines good enough to find one's way by, for a map without others."""
        ...


class UnknownAddresses:
    """Of a town of whose addresses nothing is known."""

    def search(self, text: str, limit: int, near: tuple[float, float] | None = None) -> tuple[FoundAddress, ...]:
        return ()

    def exact(self, text: str) -> tuple[FoundAddress, ...]:
        return ()

    def nearest(self, lon: float, lat: float, within_m: float) -> FoundAddress | None:
        return None

    def streets(self) -> tuple[Street, ...]:
        return ()


NO_ADDRESSES = UnknownAddresses()


class AddressBase(msgspec.Struct, frozen=True, kw_only=True):
    """A module that knows addresses of towns: asked without waiting, and standing in where a locator is away.

    `of` gives `NO_ADDRESSES` for a town of which it knows none; `suggested_at` are the parts of the path at which
    pages find suggestions for what is being typed.
    """

    of: Callable[[Jurisdiction], Addresses]
    suggested_at: tuple[str, ...]


def sure_among(found: Sequence[FoundAddress], typed: str) -> FoundAddress | None:
    """The one that may be taken without asking again: written just so, or all that the words can mean."""
    for one in found:
        if words_of(one.text) == words_of(typed):
            return one
    exact = [one for one in found if one.fit == "exact" and one.kind != "street"]
    return exact[0] if len(exact) == 1 else None
