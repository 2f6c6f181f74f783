"""A server of GeoReport v2 that is no Parvis, as a process of its own: `python open311_stand_in.py [manners in JSON]`.

It prints its address and then answers as servers in the field do, by its manners: only XML, numbers as numbers, tokens,
times without zone, no lists of numbers, descriptions that it keeps to itself. The clients that others wrote accept it.
"""

import json
import re
import sys
import xml.etree.ElementTree as ET
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

SERVICE = {
    "service_code": "pothole", "service_name": "Nid-de-poule", "description": "Un trou dans la rue", "metadata": True,
    "type": "realtime", "keywords": "", "group": "Voirie",
}  # fmt: skip
CHOICES = {"size": ("large", "small"), "surface": ("lane", "sidewalk"), "danger": ("yes", "no")}
ATTRIBUTES = [
    {"variable": True, "code": code, "datatype": "singlevaluelist", "required": code == "danger", "order": order,
     "datatype_description": "", "description": code, "values": [{"key": each, "name": each} for each in keys]}
    for order, (code, keys) in enumerate(CHOICES.items(), 1)
]  # fmt: skip
CHILDREN = {
    "services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute",
    "values": "value", "service_request_updates": "request_update",
}  # fmt: skip


class Manners(NamedTuple):
    """How this one answers."""

    xml_only: bool = False
    numbers: bool = False
    tokens: bool = False
    zones: bool = True
    lists: bool = True
    descriptions: bool = True


class StandIn(ThreadingHTTPServer):
    """What it holds: requests in their order, and the updates that were posted."""

    def __init__(self, manners: Manners) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.manners, self.held, self.updates = manners, list[dict[str, Any]](), list[dict[str, str]]()

    def filed(self, sent: dict[str, str]) -> dict[str, Any]:
        number = 4000 + len(self.held) + 1
        at = "2026-11-25T08:30:00" + ("-05:00" if self.manners.zones else "")
        self.held.append({
            "service_request_id": number if self.manners.numbers else f"S-{number}", "status": "open",
            "status_notes": "", "service_name": SERVICE["service_name"], "service_code": sent["service_code"],
            "description": sent.get("description", "") if self.manners.descriptions else "",
            "requested_datetime": at, "updated_datetime": at, "address": sent.get("address_string", ""),
            "lat": float(sent.get("lat") or 0), "long": float(sent.get("long") or 0), "media_url": None,
        })  # fmt: skip
        if self.manners.tokens:
            return {"token": f"T-{number}", "service_notice": "", "account_id": None}
        return {"service_request_id": self.held[-1]["service_request_id"], "service_notice": "Merci"}

    def found(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        ids = asked.get("service_request_id", "").split(",") if asked.get("service_request_id") else []
        if len(ids) > 1 and not self.manners.lists:
            return []
        status = asked.get("status", "").split(",") if asked.get("status") else []
        return [
            each
            for each in self.held
            if (not ids or str(each["service_request_id"]) in ids) and (not status or each["status"] in status)
        ]


class Answering(BaseHTTPRequestHandler):
    """One call."""

    server: StandIn

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        call, _, suffix = path.removeprefix("/").rpartition(".")
        match call.split("/"):
            case ["services"]:
                self._say(suffix, "services", [SERVICE])
            case ["services", "pothole"]:
                self._say(suffix, "service_definition", {"service_code": "pothole", "attributes": ATTRIBUTES})
            case ["requests"]:
                self._say(suffix, "service_requests", self.server.found(asked))
            case ["requests", number] if found := self.server.found({"service_request_id": number}):
                self._say(suffix, "service_requests", found)
            case ["tokens", token]:
                number = token.removeprefix("T-")
                known = [each for each in self.server.held if str(each["service_request_id"]).endswith(number)]
                rows = [{"token": token, "service_request_id": each["service_request_id"]} for each in known]
                self._say(suffix, "service_requests", rows)
            case _:
                self._refuse(suffix, 404, "unknown")

    def do_POST(self) -> None:
        call, _, suffix = urlsplit(self.path).path.removeprefix("/").rpartition(".")
        sent = self._form()
        if call == "_stands":
            self._stands(sent)
        elif call == "_updates":
            self._say("json", "service_request_updates", self.server.updates)
        elif sent.get("api_key") != "a-key":
            self._refuse(suffix, 403, "api_key was invalid")
        elif call == "servicerequestupdates":
            known = [each["update_id"] for each in self.server.updates]
            if sent["update_id"] not in known:
                self.server.updates.append(sent)
            self._say(suffix, "service_request_updates", [{"update_id": sent["update_id"]}])
        elif sent.get("service_code") != "pothole":
            self._refuse(suffix, 404, "service_code not found")
        elif not sent.get("attribute[danger]"):
            self._refuse(suffix, 400, "attribute[danger] is required")
        else:
            self._say(suffix, "service_requests", [self.server.filed(sent)], 201)

    def _stands(self, sent: dict[str, str]) -> None:
        """What its people do with a request of a number."""
        for each in self.server.found({"service_request_id": sent.pop("service_request_id")}):
            each.update(sent)
        self._say("json", "service_request_updates", [])

    def _form(self) -> dict[str, str]:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/"):
            return dict(parse_qsl(body.decode()))
        parts = message_from_bytes(f"content-type: {kind}\r\n\r\n".encode() + body, policy=HTTP)
        named = {part.get_param("name", header="content-disposition"): part for part in parts.iter_parts()}
        return {str(name): part.get_payload(decode=True).decode("utf-8", "replace") for name, part in named.items()}

    def _refuse(self, suffix: str, status: int, why: str) -> None:
        self._say(suffix, "errors", [{"code": str(status), "description": why}], status)

    def _say(self, suffix: str, root: str, said: Any, status: int = 200) -> None:
        if suffix == "json" and self.server.manners.xml_only and root != "service_request_updates":
            status, suffix, root, said = 404, "xml", "errors", [{"code": "404", "description": "XML only"}]
        is_xml = suffix != "json"
        body = ET.tostring(element(root, said), "utf-8", xml_declaration=True) if is_xml else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/xml" if is_xml else "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Nothing is said of each call."""


def element(name: str, said: Any) -> ET.Element:
    """What is said in JSON, in XML: the Spark convention backwards."""
    made = ET.Element(name)
    if isinstance(said, list):
        made.extend(element(CHILDREN[name], each) for each in said)
    elif isinstance(said, dict):
        made.extend(element(each, value) for each, value in said.items())
    elif said is not None:
        made.text = str(said).lower() if isinstance(said, bool) else re.sub(r"[\x00-\x08]", "", str(said))
    return made


if __name__ == "__main__":
    server = StandIn(Manners(**json.loads(sys.argv[1] if len(sys.argv) > 1 else "{}")))
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)  # noqa: T201 - what the test reads
    server.serve_forever()
