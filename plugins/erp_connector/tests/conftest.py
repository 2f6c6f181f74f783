"""An ERP in memory behind the port, and a request with what is remembered of it, as the host would lend them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import httpx
import pytest
from msgspec import structs

from parvis_erp_connector.port import Invoice, Order, Party, Stale
from parvis_sdk.connectors import Connection
from parvis_sdk.mapping import Described
from parvis_sdk.requests import Owed, OwedItem, Phase, Place, Requester, ServiceRequest
from parvis_sdk.testing.desk import MORNING, TOWN
from parvis_sdk.text import Text

REFERENCE = "7K3M-9QXT-4"
CHARGE = "0197a3c2-1111-7222-8333-944455556666"


class Ledger:
    """What stands there; `stale` makes so many changes come too late, `swallow` loses the answer after that act."""

    ledger = ()

    def __init__(self):
        self.orders_there, self.invoices_there, self.parties_there, self.files = [], [], [], []
        self.values, self.remarks, self.acts = {}, [], []
        self.stale, self.tick, self.page = 0, MORNING, 100

    def _now(self):
        self.tick += timedelta(seconds=1)
        return self.tick

    def _act(self, *act):
        if self.stale:
            self.stale -= 1
            raise Stale
        self.acts.append(act)

    async def described(self, table):
        return {name: Described() for name in ("key", "words", "address", "state", "cost", "note")}

    async def orders(self, work, key):
        return [each for each in self.orders_there if each.key == key or each.key.startswith(f"{key} ")]

    async def order(self, work, id):
        return next((each for each in self.orders_there if each.id == id), None)

    async def make_order(self, work, values):
        number = str(len(self.orders_there) + 1)
        made = Order(
            id=number, number=f"WO-{number}", key=values[work.key], state="open", version="1", changed_at=self._now()
        )
        self.orders_there.append(made)
        self.values[number] = dict(values)
        self.acts.append(("make", work.to))
        return made

    async def change_order(self, work, order, values):
        self._act("change", tuple(sorted(values)))
        self.values[order.id] |= values
        self.put(order.id, state=values.get("state", order.state), key=values.get(work.key, order.key))
        return await self.order(work, order.id)

    def put(self, id, **values):
        """Somebody there changes an order."""
        for index, each in enumerate(self.orders_there):
            if each.id == id:
                self.orders_there[index] = structs.replace(each, changed_at=self._now(), **values)

    async def orders_since(self, work, since, past):
        found = sorted(
            (each for each in self.orders_there if each.changed_at >= since), key=lambda each: each.changed_at
        )
        return found[: self.page], len(found) > self.page

    async def proofs(self, work, orders):
        ids = {order.id for order in orders}
        return [each for each in self.files if each.order in ids]

    async def content(self, proof):
        self.acts.append(("read", proof.id))
        return b"jpeg"

    async def attach(self, work, order, name, kind, content):
        self.acts.append(("attach", name))

    async def remark_order(self, work, order, words, mark):
        self.remarks.append((order.id, words, mark))

    async def parties(self, person):
        return list(self.parties_there)

    async def party(self, code):
        return Party(id=code, name="Clients divers") if code == "DIVERS" else None

    async def make_party(self, person):
        made = Party(id=f"P{len(self.parties_there) + 1}", name=person.name)
        self.parties_there.append(made)
        return made

    async def drop_party(self, party):
        self.parties_there.remove(party)

    async def invoices(self, key):
        return [each for each in self.invoices_there if each.key == key]

    async def invoice(self, id):
        return next(each for each in self.invoices_there if each.id == id)

    async def make_invoice(self, bill):
        total = sum((line.amount for line in bill.lines), Decimal(0))
        number = f"I{len(self.invoices_there) + 1}"
        made = Invoice(
            id=number,
            number=number,
            key=bill.key,
            reference=bill.reference,
            state="draft",
            total=total,
            left=total,
            version="1",
            changed_at=self._now(),
        )
        self.invoices_there.append(made)
        self.acts.append(("bill", bill.party))
        return made

    async def post_invoice(self, invoice):
        self._act("post", invoice.id)
        return self.book(invoice.id, state="open")

    async def cancel_invoice(self, invoice):
        self._act("cancel", invoice.id)
        self.book(invoice.id, state="cancelled")

    def book(self, id, **values):
        """Somebody there, or we, change an invoice."""
        for index, each in enumerate(self.invoices_there):
            if each.id == id:
                self.invoices_there[index] = structs.replace(each, changed_at=self._now(), **values)
                return self.invoices_there[index]
        raise AssertionError(id)

    async def remark(self, invoice, words):
        self.remarks.append((invoice.id, words))

    async def invoices_since(self, since, past):
        return [each for each in self.invoices_there if each.changed_at >= since], False


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def lent():
    """A connection at nine o'clock; `kept` is what is remembered of each request."""

    async def recall(reference):
        return connection.kept.get(reference, {})

    async def request(reference):
        return connection.requests.get(reference)

    class Kept(Connection, frozen=True, kw_only=True):
        kept: dict = {}
        requests: dict = {}

    async def content(id):
        return b"photo"

    connection = Kept(
        http=httpx.AsyncClient(), now=MORNING, content=content, recall=recall, request=request, kept={}, requests={}
    )
    return connection


@pytest.fixture
def asked():
    """A request for a pothole, changed as wanted."""

    def make(**given):
        usual = {
            "reference": REFERENCE,
            "type": "pothole",
            "type_title": Text(fr="Nid-de-poule", en="Pothole"),
            "jurisdiction": TOWN,
            "language": "fr",
            "channel": "portal",
            "state": "received",
            "phase": Phase.RECEIVED,
            "submitted_at": datetime(2026, 6, 15, tzinfo=UTC),
            "place": Place(address="12, rue des Érables"),
            "requester": Requester(name="Marie Tremblay", email="marie@exemple.ca"),
        }
        return ServiceRequest(**usual | given)

    return make


@pytest.fixture
def owed():
    """A charge of a fee with two items."""

    def make(state="due", id=CHARGE, items=(("base", 7500), ("area", 4750))):
        lines = tuple(OwedItem(code=code, title=Text(fr=code), cents=cents) for code, cents in items)
        total = sum(cents for _, cents in items)
        UUID(id)
        return Owed(id=id, fee="permit", title=Text(fr="Permis"), state=state, cents=total, items=lines)

    return make
