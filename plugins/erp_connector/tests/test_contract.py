"""What Parvis asks of every plugin, of this one: each dialect, as work orders and as invoices, in every weather."""

import json
import re
from urllib.parse import unquote

import httpx
import msgspec

from parvis_erp_connector import plugin
from parvis_erp_connector.settings import Settings
from parvis_sdk.testing import PluginContract

TRYTON = {"kind": "tryton", "address": "https://erp.example/ville", "login": "parvis", "company": "1"}
CENTRAL = {
    "kind": "business_central",
    "address": "https://bc.example/api/v2.0",
    "login": "parvis",
    "company": "c1",
    "token_address": "https://login.example/token",
}
COLUMNS = {"name": "type_title", "comment": "place.address"}
WORK = {"types": ["sample"], "to": "project.work", "key": "name", "columns": COLUMNS, "read": "status"}
LINES = {"*": {"account": "4100"}}


def books() -> httpx.MockTransport:
    """As much of Business Central as it takes to make, find and change records; orders and invoices are numbered."""
    tables: dict[str, list[dict]] = {}

    def answer(asked: httpx.Request) -> httpx.Response:
        if "token" in asked.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        table, _, rest = unquote(asked.url.path).rpartition(")/")[2].partition("(")
        rows, given = tables.setdefault(table, []), asked.content and json.loads(asked.content)
        found = [row for row in rows if not rest or row["id"] == rest.rstrip(")")]
        if asked.method == "GET" and not rest:
            wanted = re.findall(r"(\w+)(?: eq |,)'([^']*)'", asked.url.params.get("$filter", ""))
            fit = [row for row in rows if all(str(row.get(name, "")).startswith(value) for name, value in wanted)]
            return httpx.Response(200, json={"value": fit})
        if asked.method == "POST":
            found = [{"id": f"{table}-{len(rows) + 1}", "number": f"{table}-{len(rows) + 1}", "@odata.etag": "1"}]
            rows += found
        for row in found:
            row.update(given or {})
            row["totalAmountIncludingTax"] = sum(each["unitPrice"] for each in row.get("salesInvoiceLines", ()))
        return httpx.Response(200, json=found[0]) if found else httpx.Response(404, json={})

    return httpx.MockTransport(answer)


class TestContract(PluginContract):
    plugin = plugin
    of_others = ("sample",)
    settings = msgspec.convert(
        {
            "systems": {"tryton": TRYTON, "central": CENTRAL},
            "call_secrets": {"works@parvis": "whsec_" + "c2VjcmV0" * 6},
            "secrets": {"tryton": "asphalte", "central": "asphalte"},
            "work_orders": [
                {"name": "works", "system": "tryton", "mappings": [WORK], "photos": True, "compare_at": "04:30:00"},
                {"name": "orders", "system": "central", "mappings": [WORK]},
            ],
            "invoices": [
                {"name": "bills", "system": "tryton", "lines": LINES},
                {"name": "sales", "system": "central", "lines": LINES, "post": True, "compare_at": "04:40:00"},
            ],
        },
        Settings,
    )

    def other_system(self, connector):
        return books() if connector.name in ("orders", "sales") else super().other_system(connector)
