"""What the road crews were told: each event once, numbered within its request, kept in a file of the demonstration."""

from datetime import datetime
from pathlib import Path
from threading import Lock

import msgspec
from msgspec import Struct, structs

from parvis_sdk.text import Text

MOST = 300  # arrivals that are kept
ERASED = "request.erased"


class Place(Struct, frozen=True, kw_only=True):
    """Where the work is."""

    address: str = ""
    words: str = ""


class RequestExcerpt(Struct, frozen=True, kw_only=True):
    """The part of a request that crews look at."""

    reference: str
    request_type_title: Text
    state_title: Text | None = None
    place: Place | None = None


class Call(Struct, frozen=True, kw_only=True):
    """One webhook of Parvis, as far as it is read here."""

    id: str
    type: str
    timestamp: datetime
    data: RequestExcerpt | None = None


class Arrival(Struct, frozen=True, kw_only=True):
    """One event that arrived. `number` counts within its request; `repeats` came again and were dropped."""

    id: str
    what: str
    happened_at: datetime
    came_at: datetime
    reference: str = ""
    title: Text | None = None
    state: Text | None = None
    where: str = ""
    number: int = 0
    in_order: bool = True
    signed: bool = True
    repeats: int = 0


class BookState(Struct, frozen=True, kw_only=True):
    """Everything that is kept, oldest first, and how many calls were turned away in bad weather."""

    arrivals: tuple[Arrival, ...] = ()
    turned_away: int = 0


class Book:
    """The file, and what stands in it; several calls may come at once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._turn = Lock()
        try:
            self.kept = msgspec.json.decode(file.read_bytes(), type=BookState)
        except (OSError, msgspec.MsgspecError):
            self.kept = BookState()  # none yet, or one of another version: nothing that matters is lost

    def take(self, call: Call, now: datetime) -> Arrival:
        """Keep what is new; what is known already is counted and dropped."""
        with self._turn:
            for place, known in enumerate(self.kept.arrivals):
                if known.signed and known.id == call.id:
                    again = structs.replace(known, repeats=known.repeats + 1)
                    arrivals = (*self.kept.arrivals[:place], again, *self.kept.arrivals[place + 1 :])
                    self._keep(structs.replace(self.kept, arrivals=arrivals))
                    return again
            arrival = self._arrival(call, now)
            before = self.kept.arrivals
            if call.type == ERASED:
                before = tuple(without_place(each, arrival.reference) for each in before)
            self._keep(structs.replace(self.kept, arrivals=(*before, arrival)))
            return arrival

    def disbelieve(self, now: datetime) -> None:
        """Somebody called whose signature is not right; nothing that they said is kept."""
        with self._turn:
            arrival = Arrival(id="", what="", happened_at=now, came_at=now, signed=False)
            self._keep(structs.replace(self.kept, arrivals=(*self.kept.arrivals, arrival)))

    def turn_away(self) -> None:
        """A call came in bad weather, and nothing of it was kept."""
        with self._turn:
            self._keep(structs.replace(self.kept, turned_away=self.kept.turned_away + 1))

    def _arrival(self, call: Call, now: datetime) -> Arrival:
        data = call.data
        arrival = Arrival(id=call.id, what=call.type, happened_at=call.timestamp, came_at=now)
        if data is None:
            return arrival
        known = [each for each in self.kept.arrivals if each.signed and each.reference == data.reference]
        return structs.replace(
            arrival,
            reference=data.reference,
            title=data.request_type_title,
            state=data.state_title,
            where=(data.place.address or data.place.words) if data.place and call.type != ERASED else "",
            number=known[-1].number + 1 if known else 1,
            in_order=not known or known[-1].happened_at <= call.timestamp,
        )

    def _keep(self, kept: BookState) -> None:
        self.kept = structs.replace(kept, arrivals=kept.arrivals[-MOST:])
        fresh = self.file.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(self.kept))
        fresh.replace(self.file)


def without_place(arrival: Arrival, reference: str) -> Arrival:
    """The order without its place, once its request was erased."""
    return structs.replace(arrival, where="") if arrival.reference == reference else arrival
