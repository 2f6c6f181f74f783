"""References that other installations write into a report: by them it is taken in once, and makes no circle."""

import re
from collections.abc import Sequence
from hashlib import sha256

from msgspec import Struct
from piccolo.columns.combination import WhereRaw

from parvis.api.calls import viewer_of_token
from parvis.db import transaction
from parvis.db.tables import Delivery
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.shapes import metres_between
from parvis.outbox import memory
from parvis.outbox.deliveries import CONNECTOR, UNFINISHED
from parvis.people.tokens import MachineToken
from parvis.requests.actors import Actor
from parvis.requests.applied_outcomes import News, take_effect
from parvis.requests.host import Host
from parvis.requests.intake import receipt_of
from parvis.requests.numbers_there import references_of
from parvis.requests.records import Record, find
from parvis.requests.references import normalise
from parvis.requests.visibility import may
from parvis_open311.query import is_open
from parvis_sdk.counter import Receipt
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

MARK = re.compile(r"\[Parvis ([0-9A-Za-z/-]{3,60})\]")
LAST_LINE = re.compile(rf"(?:^|[\r\n])[ \t]*((?:{MARK.pattern.replace('(', '(?:')}[ \t]*)+)\s*\Z")
NEAR = 50  # metres
THEIRS = "open311:"  # before the name of the key with which a neighbour files here
CAME_BACK = Text(
    fr="{name} a renvoyé cette requête, qui lui avait été transmise. Elle n’est pas enregistrée deux fois.",
    en="{name} sent back this request, which had been forwarded to them. It is not recorded twice.",
)


class Marks(Struct, frozen=True):
    """The references in a report, in their order: the last is its own, those before say which way it came."""

    all: tuple[str, ...] = ()

    @property
    def own(self) -> str:
        return self.all[-1] if self.all else ""


class Where(Struct, frozen=True, kw_only=True):
    """The place of a report as it was sent: a point, or words."""

    lat: float | None = None
    lon: float | None = None
    address: str = ""

    def is_that_of(self, record: Record) -> bool:
        """Whether a request lies there; of two points, within what maps and roundings make of one."""
        place = record.place
        if place is None:
            return False
        if self.lat is None or self.lon is None or place.lat is None or place.lon is None:
            return bool(self.address) and _folded(self.address) == _folded((place.address or place.words)[:200])
        return metres_between(self.lon, self.lat, place.lon, place.lat) <= NEAR


def marks_in(described: Sequence[str]) -> Marks:
    r"""Those of the last line of a description, which holds nothing else: anywhere above, anybody may have typed them.

    >>> marks_in(["Trou\n\n[Parvis A-1] [Parvis B-2]"]).all
    ('A-1', 'B-2')
    >>> marks_in(["[Parvis A-1]\nTrou"]).all, marks_in(["Comme [Parvis A-1]"]).all
    ((), ())
    """
    line = LAST_LINE.search("\n".join(described))
    return Marks(tuple(MARK.findall(line[1]))) if line else Marks()


def key_of(token: MachineToken, marks: Marks, service: str, where: Where) -> tuple[str, str]:
    """The key under which a report with a reference is known for good, and what stands for its content: the same
    reference for another service or another place is another report.
    """
    point = (f"{where.lat:.4f}", f"{where.lon:.4f}") if where.lat is not None and where.lon is not None else ()
    told = (token.handle, marks.own, service, point or _folded(where.address))
    mark = sha256(repr(told).encode("utf-8", "backslashreplace")).hexdigest()
    return f"open311:mark:{mark}", mark


async def came_back(
    host: Host, town: Jurisdiction, token: MachineToken, marks: Marks, request_type: RequestType, where: Where
) -> Receipt | None:
    """The receipt of our own request that this report comes from, sent back by the neighbour it was forwarded to.

    Believed only of the neighbour whose key this is, about what it got from us within the reach of its key, while that
    is open. A key that only files reads no more than the public; that the request exists, the neighbour knows from us.
    """
    neighbours = [
        each.name
        for each in host.plugins.connectors.values()
        if token.name and each.files_here_as == token.name and each.serves(request_type.code, town.code)
    ]
    for mark in marks.all if neighbours else ():
        reference = normalise(mark.partition("/")[0])
        record = await find(host, reference) if reference else None
        if record is None or record.jurisdiction != town.code or record.erased_at is not None:
            continue
        if record.type != request_type.code or not is_open(request_type, record.state, record.phase):
            continue
        if not where.is_that_of(record) or not may(viewer_of_token(host, token), "work", record, host.jurisdictions):
            continue
        if any([await _went_to(name, record) for name in neighbours]):
            await _tell(host, record, token)
            return receipt_of(host, town, record)
    return None


async def _went_to(name: str, record: Record) -> bool:
    """Whether a connector filed a request there: it brought the number, or a try has not ended, whose answer may be
    on its way or lost. A number that came with a file of an older system says nothing.
    """
    number = record.external_references.get(name, "")
    if number and record.reference in await references_of(name, number):
        return True
    theirs = (Delivery.request == record.id) & (Delivery.subscriber == f"{CONNECTOR}{name}") & WhereRaw(UNFINISHED)
    return bool(await Delivery.exists().where(theirs))


async def _tell(host: Host, record: Record, token: MachineToken) -> None:
    actor = _as(token)
    async with transaction(host.engine):
        if await memory.once("open311", record.reference, f"came_back:{token.handle}"):
            await take_effect(host, record.reference, actor, News(note=CAME_BACK.format(name=token.name)))


async def known_there_as(host: Host, token: MachineToken, marks: Marks, record: Record) -> None:
    """In the transaction of a report: what its sender calls it, for the desk to read, and for what must not go back."""
    await take_effect(host, record.reference, _as(token), News(external=marks.own))


def _as(token: MachineToken) -> Actor:
    return Actor(kind="plugin", id=token.handle, name=f"{THEIRS}{token.name}")


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()
