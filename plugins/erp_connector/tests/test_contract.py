"""What Parvis asks of every plugin, of this one: each dialect, as work orders and as invoices, in every weather."""

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


class TestContract(PluginContract):
    plugin = plugin
    settings = msgspec.convert(
        {
            "systems": {"tryton": TRYTON, "central": CENTRAL},
            "secrets": {"tryton": "asphalte", "central": "asphalte"},
            "work_orders": [
                {"name": "works", "system": "tryton", "mappings": [WORK], "photos": True},
                {"name": "orders", "system": "central", "mappings": [WORK]},
            ],
            "invoices": [
                {"name": "bills", "system": "tryton", "lines": LINES},
                {"name": "sales", "system": "central", "lines": LINES, "post": True},
            ],
        },
        Settings,
    )
