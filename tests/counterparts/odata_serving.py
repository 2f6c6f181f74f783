"""Serves one shape by odatapy in a process of its own.

python odata_serving.py dataverse '{"port": 18600, "token_seconds": 3600, "page_size": null, ...}'
"""

import base64
import json
import sys
import threading
from collections.abc import Callable, Iterable
from secrets import token_urlsafe
from socketserver import ThreadingMixIn
from time import monotonic
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from odata_manners import APPLICATION, CLERK, Dynamics
from odata_shapes import SHAPES, Shape
from odatapy.edm.csdl import (
    CsdlAbstractEdmProvider,
    CsdlEntityContainer,
    CsdlEntitySet,
    CsdlEntityType,
    CsdlNavigationProperty,
    CsdlNavigationPropertyBinding,
    CsdlProperty,
    CsdlPropertyRef,
    CsdlSchema,
)
from odatapy.server import OData
from odatapy.server import eval as evaluating
from odatapy.server.adapters import ODataWSGIApp
from odatapy.server.inmemory import InMemoryProcessor
from odatapy.server.processor import CustomETagSupport


class Model(CsdlAbstractEdmProvider):
    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def get_schemas(self) -> list[CsdlSchema]:
        space, sets = self.shape.namespace, self.shape.sets
        types = [
            CsdlEntityType(
                name=records.type,
                key=[CsdlPropertyRef(name=records.key)],
                properties=[
                    CsdlProperty(name=name, type=kind, nullable=name != records.key, **precise(kind))
                    for name, kind in records.properties.items()
                ],
                navigation_properties=[
                    CsdlNavigationProperty(name=nav, type=f"{space}.{sets[target].type}", collection=True)
                    for nav, (target, _) in records.children.items()
                ],
            )
            for records in sets.values()
        ]
        served = [
            CsdlEntitySet(
                name=name,
                type=f"{space}.{records.type}",
                navigation_property_bindings=[
                    CsdlNavigationPropertyBinding(path=nav, target=target)
                    for nav, (target, _) in records.children.items()
                ],
            )
            for name, records in sets.items()
        ]
        container = CsdlEntityContainer(name="Container", entity_sets=served)
        return [CsdlSchema(namespace=space, entity_types=types, entity_container=container)]


def folded(value: Any) -> Any:
    """Dataverse compares words without regard to capitals."""
    return value.casefold() if isinstance(value, str) else value


def precise(kind: str) -> dict[str, int]:
    return {"Edm.Decimal": {"precision": 18, "scale": 2}, "Edm.DateTimeOffset": {"precision": 6}}.get(kind, {})


class Versioned(CustomETagSupport):
    def has_etag(self, entity_set_or_singleton: Any) -> bool:
        return True


class Door:
    """Before the service: signing in by client credentials, tokens that end, and what only the test may do."""

    def __init__(self, dynamics: Dynamics, app: ODataWSGIApp, given: dict[str, Any]) -> None:
        self.dynamics, self.app, self.given = dynamics, app, given
        self.tokens: dict[str, float] = {}
        """Until when each is good."""
        self.admitted: set[str] = set()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        said = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        self.dynamics.caller.id = APPLICATION if said in self.tokens else CLERK
        if path.endswith("/oauth2/v2.0/token"):
            return say(start_response, *self.token(path, parse_qs(body_of(environ).decode())))
        if path == f"/-/{self.given['secret']}":
            return say(start_response, *self.ordered(json.loads(body_of(environ))))
        if self.given["guarded"] and not self.known(environ.get("HTTP_AUTHORIZATION", "")):
            said = {
                "error": {"code": "Authentication_InvalidCredentials", "message": "The server has rejected the client."}
            }
            headers = [("WWW-Authenticate", 'Bearer error="invalid_token"')]
            return say(start_response, 401, None if self.dynamics.shape.says_nothing else said, headers)
        if not path.startswith(f"{self.dynamics.shape.mount}/"):
            return say(start_response, 404, {"error": {"code": "404", "message": "No such resource."}})
        return self.app(environ, start_response)

    def token(self, path: str, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        asked = {name: values[0] for name, values in form.items()}
        if path != f"/{self.given['tenant']}/oauth2/v2.0/token":
            return 400, {"error": "invalid_request", "error_description": "AADSTS90002: Tenant not found."}
        if asked.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type", "error_description": "AADSTS70003"}
        if not asked.get("scope", "").endswith("/.default"):
            return 400, {"error": "invalid_scope", "error_description": "AADSTS1002012: scope must end in /.default"}
        if asked.get("client_id") != self.given["client_id"]:
            return 400, {"error": "unauthorized_client", "error_description": "AADSTS700016: no such application"}
        if asked.get("client_secret") != self.given["client_secret"]:
            return 401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret."}
        token, seconds = token_urlsafe(40), self.given["token_seconds"]
        self.tokens[token] = monotonic() + seconds
        lasting = {"expires_in": seconds, "ext_expires_in": seconds}
        return 200, {"token_type": "Bearer", "access_token": token} | lasting

    def known(self, said: str) -> bool:
        token = said.removeprefix("Bearer ")
        return token in self.admitted or monotonic() < self.tokens.get(token, 0)

    def ordered(self, order: dict[str, Any]) -> tuple[int, Any]:
        with self.dynamics.store.lock:
            match order:
                case {"do": "admit"}:
                    token = token_urlsafe(40)
                    self.admitted.add(token)
                    return 200, {"access_token": token}
                case {"do": "expire"}:
                    self.tokens.clear()
                case {"do": "empty"}:
                    self.dynamics.empty()
                case {"do": "change", "set": name, "key": key, "values": values}:
                    self.dynamics.inside(name, key, values)
                case {"do": "add", "set": name, "values": values}:
                    values = {self.dynamics.shape.sets[name].key: str(uuid4())} | values
                    self.dynamics.seed(name, values)
                    return 200, values
                case {"do": "fill", "key": key, "content": content}:
                    self.dynamics.contents[key] = base64.b64decode(content)
                case _:
                    return 400, {"unknown": order}
        return 200, {}


def body_of(environ: dict[str, Any]) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return body


def say(start: Callable[..., Any], status: int, said: Any, headers: Iterable[tuple[str, str]] = ()) -> Iterable[bytes]:
    body = b"" if said is None else json.dumps(said).encode()
    start(f"{status} -", [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers])
    return [body]


class Serving(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """The line remembers."""


def serve(name: str, given: dict[str, Any]) -> None:
    shape = SHAPES[name]
    odata = OData.new_instance(strict_deserialization=True)
    dynamics = Dynamics(shape)
    handler = odata.create_handler(odata.create_service_metadata(Model(shape)))
    handler.register(InMemoryProcessor(dynamics.store, given["page_size"]))
    handler.register(Versioned())
    handler.error_formatter = lambda error, status, _: {
        "error": {"code": shape.codes.get(status, error.code or str(status)), "message": error.message or ""}
    }
    dynamics.handler = handler
    if shape.says_nothing:
        exactly = evaluating._equals
        evaluating._equals = lambda left, right: exactly(folded(left), folded(right))
    handler.process = dynamics.process
    if shape.company:
        dynamics.seed("companies", {"id": shape.company, "name": "Parvis", "displayName": "Ville de Parvis"})
    app = Door(dynamics, ODataWSGIApp(handler, mount_path=shape.mount), given)
    with make_server("127.0.0.1", given["port"], app, Serving, Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        threading.Event().wait()


if __name__ == "__main__":
    serve(sys.argv[1], json.loads(sys.argv[2]))
