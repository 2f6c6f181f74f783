"""A neighbour as the settings of a town name it, and a stand-in of its endpoint."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import msgspec
import pytest

from parvis_open311_connector.settings import Neighbour, Service, Settings
from parvis_sdk.connectors import Connection
from parvis_sdk.requests import Phase, Place, ServiceRequest, Town
from parvis_sdk.text import Text

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
URL = "https://311.rivemont.example/v2"
TITLE = Text(fr="Ville de Rivemont", en="City of Rivemont")
REQUEST = ServiceRequest(
    reference="TEST-0001",
    type="hole",
    type_title=Text(fr="Trou"),
    jurisdiction=Town(code="parvis", name=Text(fr="Parvis")),
    language="fr",
    channel="portal",
    state="received",
    phase=Phase.RECEIVED,
    submitted_at=NOW,
    unit="rivemont",
    place=Place(lat=45.5236, lon=-73.5807, address="1234, rue Rachel Est"),
    answers={"words": "Gros trou", "sorts": ["a", "b"]},
)


DEFINITION = {
    "service_code": "pothole",
    "attributes": [
        {"code": "note", "variable": False, "description": "Do not park there"},
        {
            "code": "size",
            "variable": True,
            "datatype": "singlevaluelist",
            "required": True,
            "values": [{"key": "large", "name": "Large"}, {"key": "small", "name": "Small"}],
        },
        {"code": "sorts", "variable": "true", "datatype": "multivaluelist", "required": "false", "values": []},
    ],
}


def service(**more: Any) -> Service:
    return msgspec.convert({"to": "pothole", "columns": {"description": "answers.words"}, **more}, Service)


def neighbour(**more: Any) -> Neighbour:
    return Neighbour(**{"name": "rivemont", "title": TITLE, "url": URL, "services": (service(),), **more})


def settings(**more: Any) -> Settings:
    return Settings(neighbours=(neighbour(**more),), keys={"rivemont": "asphalte"})


class Endpoint:
    """As much of a GeoReport server as filing and reading take; `filed` are its reports, `asked` every call."""

    def __init__(self) -> None:
        self.filed: list[dict[str, Any]] = []
        self.updates: list[dict[str, str]] = []
        self.asked: list[httpx.Request] = []
        self.shows = True
        self.takes_lists = True

    def __call__(self, asked: httpx.Request) -> httpx.Response:
        self.asked.append(asked)
        call = asked.url.path.removeprefix("/v2/").rpartition(".")[0]
        if asked.method == "POST":
            sent = form_of(asked)
            return self._update(sent) if call == "servicerequestupdates" else self._file(sent)
        if call == "services":
            return httpx.Response(200, json=[{"service_code": "pothole", "metadata": True}])
        if call == "services/pothole":
            return httpx.Response(200, json=DEFINITION)
        if call == "requests":
            return httpx.Response(200, json=self._listed(dict(asked.url.params)))
        found = [each for each in self.filed if call == f"requests/{each['service_request_id']}"]
        return httpx.Response(200, json=found) if found else httpx.Response(404, json=[])

    def _file(self, sent: dict[str, str]) -> httpx.Response:
        shown = {name: sent.get(name, "") for name in ("service_code", "lat", "long")}
        words = sent.get("description", "") if self.shows else ""
        self.filed.append({"service_request_id": f"R-{len(self.filed) + 1}", "status": "open", **shown})
        self.filed[-1]["description"] = words
        return httpx.Response(200, json=[{"service_request_id": self.filed[-1]["service_request_id"]}])

    def _listed(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        if "service_request_id" not in asked:
            return self.filed
        if not self.takes_lists:
            return []
        return [each for each in self.filed if each["service_request_id"] in asked["service_request_id"].split(",")]

    def _update(self, sent: dict[str, str]) -> httpx.Response:
        self.updates.append(sent)
        answer = {"update_id": f"U-{len(self.updates)}", "service_request_id": sent.get("service_request_id", "")}
        return httpx.Response(200, json=[answer])


def form_of(asked: httpx.Request) -> dict[str, str]:
    """What was posted, as a form of either kind."""
    body = asked.content.decode("utf-8", "replace")
    if "multipart" not in asked.headers["content-type"]:
        return {name: values[0] for name, values in parse_qs(body).items()}
    return dict(re.findall(r'name="([^"]+)"\r\n\r\n(.*?)\r\n--', body, re.DOTALL))


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
async def lend(endpoint):
    """A connection to the endpoint, or to whatever answers."""
    opened = []

    def lent(answers=None, kept=None, **more):
        async def recall_each(key, after=""):
            return {reference: held for reference, held in sorted((kept or {}).items()) if reference > after}

        http = httpx.AsyncClient(transport=httpx.MockTransport(answers or endpoint))
        opened.append(http)
        return Connection(http=http, now=NOW, recall_each=recall_each, **more)

    yield lent
    for each in opened:
        await each.aclose()


def as_json(said: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(said).encode())
