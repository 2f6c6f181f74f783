"""Another system that answers about another record: complete and successful answers about the wrong request."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import httpx
import msgspec

from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Outcome

OURS = "TEST-0001"
"""The reference of every sample request."""
OUR_CHARGE = "charge-1"
"""The id of its charge."""
STRANGER = "ELSE-9009"
"""The reference of the request that a stranger's answer is about."""
NUMBER = 900900900
"""What the other system calls the stranger's order, case or feature."""
OTHERS = {OURS: STRANGER, OUR_CHARGE: f"else-{OUR_CHARGE}"}
IDS = ("id", "number", "ticketnumber", "objectId", "OBJECTID", "incidentid", "contactid")
SIGNED_IN = {"access_token": "a-token", "token": "a-token", "token_type": "Bearer", "expires_in": 3600, "UserId": "us"}
CHANGES = ("PUT", "PATCH", "DELETE")
"""The methods by which something that is there is changed, and nothing is asked."""
TEST = re.compile(r"(\w+)\s*(?:eq|=)\s*'([^']*)'")


def taken(outcome: Outcome | None) -> bool:
    """Whether a connector's result contains anything of the other record."""
    said = msgspec.json.encode(outcome).decode().casefold()
    return str(NUMBER) in said or STRANGER.casefold() in said


def answer_to(target: str, body: bytes) -> bytes:
    """The answer of a system that confuses records: a record like the one sent or requested, of somebody else.

    It fits many dialects: a record by itself, in the list of OData, as a feature of a layer, as the result of an edit.
    """
    row: dict[str, Any] = {}
    for name, value in {**_asked_for(target, body), **dict.fromkeys(IDS, NUMBER)}.items():
        row[name] = mixed_up(value, OTHERS) if isinstance(value, str) else value
    edited = [{"success": True, "objectId": NUMBER, "globalId": f"{{{UUID(int=NUMBER)}}}"}]
    said = {**row, **SIGNED_IN, "value": [row], "features": [{"attributes": row}], "reference": STRANGER}
    said |= dict.fromkeys(("addResults", "updateResults", "deleteResults"), edited)
    return json.dumps(said).encode()


def _asked_for(target: str, body: bytes) -> dict[str, Any]:
    """The columns that a call names, with the values that it sends or looks for."""
    query = urlsplit(target)
    fields = dict(parse_qsl(query.query) + parse_qsl(body.decode("utf-8", "replace")))
    words = " ".join((unquote(query.path), *fields.values()))
    found: dict[str, Any] = dict.fromkeys(
        re.split(r"[, ]+", fields.get("$select") or fields.get("outFields") or ""), ""
    )
    found |= dict(TEST.findall(words))
    try:
        sent = json.loads(body or b"{}")
    except ValueError:
        sent = {}
    found |= sent if isinstance(sent, dict) else {}
    return {name: value for name, value in found.items() if name}


class SomebodyElse(httpx.AsyncBaseTransport):
    """The other system of a test, each of whose answers, once it `mixes` them up, is about another request.

    Our reference and the ids of our charges become somebody else's, however they are written; with `only_changes` in
    the answers to changes alone. `mixed` is how many answers were about somebody else.
    """

    def __init__(self, wire: httpx.AsyncBaseTransport, request: ServiceRequest) -> None:
        self.wire = wire
        self.mixes = False
        self.only_changes = False
        self.mixed = 0
        self._others = others_of(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.wire.handle_async_request(request)
        content = await response.aread()
        words = content.decode("utf-8", "replace")
        mixes = self.mixes and (request.method in CHANGES or not self.only_changes)
        changed = mixed_up(words, self._others).encode() if mixes else content
        self.mixed += changed != content
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        return httpx.Response(response.status_code, headers=headers, content=changed)

    async def aclose(self) -> None:
        await self.wire.aclose()


def others_of(request: ServiceRequest) -> Mapping[str, str]:
    """Each of our keys that another system may return, and the wrong key in its place."""
    return {request.reference: STRANGER, **{charge.id: f"else-{charge.id}" for charge in request.charges}}


def mixed_up(words: str, others: Mapping[str, str]) -> str:
    """The text with our keys replaced by those of the other record, in any spelling."""
    for ours, theirs in others.items():
        words = re.sub(re.escape(ours), theirs, words, flags=re.IGNORECASE)
    return words
