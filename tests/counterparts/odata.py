"""Business Central, an ERP, and Dataverse, a CRM, as far as OData goes, each in a process of its own.

    with business_central() as erp:      # erp.url, erp.token_url, erp.client_id, erp.client_secret, erp.scope
        erp.post(invoice), erp.pay(invoice)
        erp.finish(order, cost="129.00", note="Réparé", photo=jpeg)
    with dataverse() as crm:
        crm.resolve(case, "Réparé le jour même")

Who works there speaks past the line; the line (`erp.line`) goes wrong on order.
"""

import base64
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from parvis import clock
from parvis_testing.ports import free_port

from .line import Line, line_to
from .odata_shapes import BUSINESS_CENTRAL, DATAVERSE, Shape
from .running import leave_out, running

TENANT = "0f2b6c1e-7d0a-4a52-9e55-2d5f3f2a9c01"
CLIENT, SECRET = "9a1d2f30-6a6b-4c3b-8f6d-6c7f0b1a2e44", "asphalte-froid-7421"
ORDERS = "c5f0a7"
"""What only the test knows: where it gives orders to the process."""


Served = TypeVar("Served", bound="Service")


class Service:
    tenant, client_id, client_secret = TENANT, CLIENT, SECRET

    def __init__(self, shape: Shape, direct: str, line: Line) -> None:
        self.line, self.shape, self._direct = line, shape, direct
        self.url = f"{line.url}{shape.mount}/"
        self.token_url = f"{line.url}/{TENANT}/oauth2/v2.0/token"
        self.scope = f"{line.url}/.default"
        self._people = httpx.Client(timeout=30)
        self._people.headers["Authorization"] = f"Bearer {self.order(do='admit')['access_token']}"

    def order(self, **what: Any) -> Any:
        return self._people.post(f"{self._direct}/-/{ORDERS}", json=what).raise_for_status().json()

    def expire_tokens(self) -> None:
        """Every token that was given out is refused from now on."""
        self.order(do="expire")

    def find(self, records: str, where: str = "") -> list[dict[str, Any]]:
        """All records, or those that a $filter lets through."""
        url: str | None = f"{self._direct}{self.shape.mount}/{records}" + (f"?$filter={quote(where)}" if where else "")
        found: list[dict[str, Any]] = []
        while url:
            page = self._people.get(url).raise_for_status().json()
            found += page["value"]
            url = page.get("@odata.nextLink")
        return found

    def read(self, records: str, key: str) -> dict[str, Any]:
        path = f"{self._direct}{self.shape.mount}/{records}({key})"
        found: dict[str, Any] = self._people.get(path).raise_for_status().json()
        return found

    def change(self, records: str, key: str, **values: Any) -> None:
        """Somebody who works there changes a record: its ETag is another one afterwards."""
        self.order(do="change", set=records, key=key, values=values)

    def add(self, records: str, **values: Any) -> dict[str, Any]:
        """A record as it stands there, without what the system would have filled in."""
        added: dict[str, Any] = self.order(do="add", set=records, values=values)
        return added

    def remove(self, records: str, key: str) -> None:
        """Somebody deletes a record."""
        self._people.delete(f"{self._direct}{self.shape.mount}/{records}({key})").raise_for_status()

    def empty(self) -> None:
        """Nothing is there any more."""
        self.order(do="empty")

    def close(self) -> None:
        self._people.close()


class BusinessCentral(Service):
    company = BUSINESS_CENTRAL.company

    def post(self, invoice: str) -> str:
        """The clerk sends an invoice out; its number."""
        path = f"{self._direct}{self.shape.mount}/salesInvoices({invoice})/Microsoft.NAV.post"
        self._people.post(path).raise_for_status()
        return str(self.read("salesInvoices", invoice)["number"])

    def pay(self, invoice: str, remaining: str = "0") -> None:
        """The clerk records money received: all, or so that something remains to be paid."""
        settled = float(remaining) == 0
        self.change("salesInvoices", invoice, remainingAmount=remaining, status="Paid" if settled else "Open")

    def finish(self, order: str, *, cost: str, note: str = "", photo: bytes = b"") -> None:
        """The crew closes a work order: what it cost, what was done, how it looks now."""
        if photo:
            about = {"parentId": order, "parentType": "Service Order", "fileName": "apres.jpg", "byteSize": len(photo)}
            attached = self.add("documentAttachments", **about)
            self.order(do="fill", key=attached["id"], content=base64.b64encode(photo).decode())
        today = clock.now().date().isoformat()
        self.change("serviceOrders", order, status="Finished", actualCost=cost, note=note, finishingDate=today)


class Dataverse(Service):
    def resolve(self, case: str, resolution: str) -> None:
        """The clerk closes a case with its resolution."""
        said = {
            "IncidentResolution": {"subject": resolution, "incidentid@odata.bind": f"/incidents({case})"},
            "Status": 5,
        }
        self._people.post(f"{self._direct}{self.shape.mount}/CloseIncident", json=said).raise_for_status()

    def note(self, case: str, text: str) -> None:
        self.add("annotations", _objectid_value=case, notetext=text, isdocument=False)


@contextmanager
def business_central(**given: Any) -> Iterator[BusinessCentral]:
    """`guarded=False` asks for no token; `token_seconds` and `page_size` as wanted."""
    with _served("business_central", BUSINESS_CENTRAL, BusinessCentral, **given) as erp:
        yield erp


@contextmanager
def dataverse(**given: Any) -> Iterator[Dataverse]:
    with _served("dataverse", DATAVERSE, Dataverse, **given) as crm:
        yield crm


@contextmanager
def _served(
    name: str,
    shape: Shape,
    kind: type[Served],
    *,
    guarded: bool = True,
    token_seconds: float = 3599,
    page_size: int | None = None,
) -> Iterator[Served]:
    if find_spec("odatapy") is None:
        leave_out("odatapy")
    port = free_port()
    given: dict[str, Any] = {"port": port, "guarded": guarded, "token_seconds": token_seconds, "page_size": page_size}
    given |= {"tenant": TENANT, "client_id": CLIENT, "client_secret": SECRET, "secret": ORDERS}
    serving = Path(__file__).with_name("odata_serving.py")
    with tempfile.TemporaryDirectory(prefix="parvis-odata-") as folder:
        command = [sys.executable, str(serving), name, json.dumps(given)]
        with running(command, port, Path(folder) / "log"), line_to(f"http://127.0.0.1:{port}") as line:
            service = kind(shape, f"http://127.0.0.1:{port}", line)
            try:
                yield service
            finally:
                service.close()
