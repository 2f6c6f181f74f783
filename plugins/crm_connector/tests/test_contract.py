"""What Parvis asks of every plugin, of this one."""

import json
import re
from urllib.parse import unquote

import httpx

from parvis_crm_connector import plugin
from parvis_sdk.testing import PluginContract

from .conftest import settings


def by_id(path, row):
    """How a record is also called."""
    records = path.partition("(")[0]
    return {f"{records}({row[name]})" for name in ("incidentid", "contactid") if name.startswith(records[:-1])}


class Remembering:
    """As much of a Dataverse as being told twice takes: records under the keys by which they were made."""

    def __init__(self):
        self.records = {}

    def __call__(self, asked):
        if asked.url.path == "/token":
            return httpx.Response(200, json={"access_token": "t-1", "expires_in": 3600})
        path = unquote(asked.url.path.rpartition("/")[2])
        if path == "WhoAmI":
            return httpx.Response(200, json={"UserId": "us"})
        path = next((known for known, row in self.records.items() if path in by_id(known, row)), path)
        if asked.method == "PATCH":
            if path in self.records and asked.headers.get("if-none-match") == "*":
                return httpx.Response(412, json={"error": {"message": "exists"}})
            made = {"incidentid": "c-1", "contactid": "p-1", "ticketnumber": f"CAS-{len(self.records)}"}
            key = dict(re.findall(r"\((\w+)='([^']*)'\)", path))
            self.records.setdefault(path, made | key).update(json.loads(asked.content))
            return httpx.Response(204)
        if "(" in path:
            found = self.records.get(path)
            return httpx.Response(200, json=found) if found else httpx.Response(404, json={"error": {"message": "no"}})
        return httpx.Response(200, json={"value": []})


class TestContract(PluginContract):
    plugin = plugin
    settings = settings()

    def other_system(self, connector):
        return httpx.MockTransport(Remembering())
