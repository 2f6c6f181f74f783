"""The stand-in as a real HTTP server on 127.0.0.1: a line at whose other end nobody but us answers."""

import json
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from multipart import parse_form_data

from parvis import clock as town_clock

from ..line import Line, Reply
from .access import Access, Gate
from .addresses import Address, Geocoder
from .answering import GEOCODER, PORTAL, SERVER, SERVICE, Answering, Call, operation_of
from .attachments import SentFile
from .layers import Attachment, Layer, ServedLayer
from .refusals import RequestRefused

JSON = {"Content-Type": "application/json; charset=utf-8"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = b"<!doctype html><title>ArcGIS REST Services Directory</title>"


class ArcGISServer(Line):
    """A town's ArcGIS: one FeatureServer, one GeocodeServer, tokens; what goes wrong is ordered as of any line."""

    def __init__(
        self,
        layers: Sequence[Layer] = (),
        *,
        addresses: Sequence[Address] = (),
        access: Access | None = None,
        geocoder_wkid: int = 4326,
        suggests: bool = True,
        port: int = 0,
        clock: Callable[[], datetime] = town_clock.now,
    ) -> None:
        self.mistakes: list[str] = []
        self.gate = Gate(access, clock)
        super().__init__("", port)
        self.layers = {
            number: ServedLayer(layer, number, self.features_url, clock) for number, layer in enumerate(layers)
        }
        self.answering = Answering(self.layers, Geocoder(addresses, geocoder_wkid, suggests), self.gate)

    @property
    def features_url(self) -> str:
        """The FeatureServer."""
        return f"{self.url}{SERVER}/rest/services/{SERVICE}/FeatureServer"

    @property
    def geocoder_url(self) -> str:
        return f"{self.url}{SERVER}/rest/services/{GEOCODER}/GeocodeServer"

    @property
    def token_url(self) -> str:
        """Where a name and a password become a token."""
        return f"{self.url}{SERVER}/tokens/generateToken"

    @property
    def portal_url(self) -> str:
        """Below it, `generateToken` and `oauth2/token`."""
        return f"{self.url}{PORTAL}/sharing/rest"

    def layer(self, name: str) -> ServedLayer:
        return next(layer for layer in self.layers.values() if layer.declared.name == name)

    def expire_tokens(self) -> None:
        """Every token that was given answers 498 from now on."""
        self.gate.expire()

    def asked(self, operation: str) -> list[dict[str, str]]:
        """The parameters with which an operation was asked for, answered or not."""
        heard = [each for each in self.heard if operation_of(urlsplit(each.path).path) == operation]
        return [_read(each.path, each.headers, each.body)[0] for each in heard]

    def carried(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """What we answer."""
        asked, files = _read(path, headers, body)
        known = {name.lower(): value for name, value in headers.items()}
        call = Call(
            method=method,
            path=urlsplit(path).path,
            asked=asked,
            files=files,
            token=asked.get("token") or _bearer(known),
            referer=known.get("referer", ""),
            address=f"http://{known['host']}",
        )
        try:
            said = self.answering.answer(call)
        except RequestRefused as refused:
            said = refused.body
        except Exception:  # noqa: BLE001 - kept for the end of the test, which fails on it
            self.mistakes.append(traceback.format_exc())
            return Reply(status=500)
        if isinstance(said, Attachment):
            return Reply(status=200, headers={"Content-Type": said.content_type}, body=said.content)
        wanted = asked.get("f", "html")
        if wanted == "html":
            return Reply(status=200, headers=HTML, body=PAGE)
        if wanted not in ("json", "pjson", "geojson"):
            said = RequestRefused(400, "Invalid format", "'f' parameter is invalid").body
        return Reply(status=200, headers=JSON, body=json.dumps(said, ensure_ascii=False).encode())


@contextmanager
def arcgis_server(layers: Sequence[Layer] = (), **more: Any) -> Iterator[ArcGISServer]:
    """A town's ArcGIS until the end of the block; a mistake of the stand-in itself fails the test."""
    town = ArcGISServer(layers, **more)
    try:
        yield town
    finally:
        town.close()
        for layer in town.layers.values():
            layer.close()
    assert not town.mistakes, "\n".join(town.mistakes)


def _bearer(headers: dict[str, str]) -> str:
    said = headers.get("x-esri-authorization") or headers.get("authorization") or ""
    return said[7:] if said.lower().startswith("bearer ") else ""


def _read(path: str, headers: dict[str, str], body: bytes) -> tuple[dict[str, str], dict[str, SentFile]]:
    """The parameters, of the address and of the form, and the files."""
    asked = dict(parse_qsl(urlsplit(path).query, keep_blank_values=True))
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if content_type.startswith("application/x-www-form-urlencoded"):
        return asked | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)), {}
    if not content_type.startswith("multipart/"):
        return asked, {}
    about = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
    fields, parts = parse_form_data({**about, "wsgi.input": BytesIO(body)})
    files = {}
    for name in parts:
        part = parts[name]
        files[name] = SentFile(part.filename or "", part.content_type, part.raw)
        part.close()
    return asked | {name: fields[name] for name in fields}, files
