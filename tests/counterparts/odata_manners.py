"""The manners of Dynamics where odatapy has others: who gives a key, who may change what, and how a refusal reads."""

import base64
import json
import re
from dataclasses import dataclass, field
from itertools import count
from threading import local
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from odata_shapes import Records, Shape
from odatapy.data import Entity, ValueType
from odatapy.edm.primitives import Facets, get_primitive_type
from odatapy.http.method import HttpMethod
from odatapy.server.inmemory import InMemoryDataStore
from odatapy.server.request import ODataRequest, ODataResponse
from odatapy.server.support import ETagHelper

from parvis import clock

ONE = re.compile(r"^(?P<set>\w+)\((?P<key>[^()]*)\)(?:/(?P<rest>.+))?$")
BY_ALTERNATE = re.compile(r"^(\w+)='((?:[^']|'')*)'$")
BOUND = re.compile(r"^/?(?:https?://.*?/)?(\w+)\(([^()]*)\)$")
APPLICATION = "3b2f0a54-6a0e-4f0d-8c1c-9f7d1f2c7a01"
CLERK = "7c9d1e33-0f52-4b86-9d0a-1a5e8b6f4c02"
"""Who writes: an application with a token, or people who work there."""
BUSINESS_UNIT = "5d0c2a76-2f0b-4a4e-a6c9-0b9e3d1f5a03"
NUMBERED = {"salesInvoices": "PS-INV10", "customers": "C000", "serviceOrders": "SO", "incidents": "CAS-0"}


class Refusal(Exception):
    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.code = status, code


@dataclass
class Dynamics:
    """The service: what odatapy keeps, with other manners in front of it."""

    shape: Shape
    handler: Any = None
    store: InMemoryDataStore = field(default_factory=InMemoryDataStore)
    contents: dict[str, bytes] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: count(1001))
    caller: local = field(default_factory=local)
    """Whose token the request that is being answered came with."""

    def process(self, request: ODataRequest) -> ODataResponse:
        """One request, also one of a $batch."""
        with self.store.lock:
            try:
                return self.mannered(request)
            except Refusal as refused:
                return self.refusal(refused.status, str(refused), refused.code)

    def mannered(self, request: ODataRequest) -> ODataResponse:
        path = self.within_company(request.raw_odata_path)
        if path == "WhoAmI" and self.shape.says_nothing:
            said = {"UserId": self.who(), "BusinessUnitId": BUSINESS_UNIT, "OrganizationId": BUSINESS_UNIT}
            answer = ODataResponse(status_code=200)
            answer.set_content(json.dumps(said), "application/json; odata.metadata=minimal")
            return answer
        if request.method is HttpMethod.POST and path == "CloseIncident":
            return self.close_incident(json.loads(request.body))
        if path.startswith("documentAttachments(") and path.endswith("/attachmentContent"):
            return self.content(request, path)
        if not (found := ONE.match(path)):
            records = self.shape.sets.get(path)
            if request.method is HttpMethod.POST and records is not None:
                return self.create(request, path, records)
            return self.plainly(request, path)
        records, key = self.shape.sets.get(found["set"]), found["key"]
        if records is None:
            return self.plainly(request, path)
        by_alternate, entity = self.found(found["set"], records, key)
        if by_alternate and entity is not None:
            key = str(entity.get_value(records.key))
            path = f"{found['set']}({key})" + (f"/{found['rest']}" if found["rest"] else "")
        rest = found["rest"]
        if request.method is HttpMethod.POST and rest:
            if rest in ("Microsoft.NAV.post", "Microsoft.NAV.postAndSend") and found["set"] == "salesInvoices":
                return self.post_invoice(request, entity)
            if rest == "Microsoft.NAV.cancel" and found["set"] == "salesInvoices":
                return self.cancel_invoice(request, entity)
            if rest in records.children:
                return self.create_part(request, path, records.children[rest], key)
        if request.method is HttpMethod.PATCH and not rest:
            return self.change(request, path, found["set"], records, key, by_alternate, entity)
        if entity is None:
            raise self.no_such(found["set"], key)
        if request.method is HttpMethod.DELETE and request.if_match is None:
            request.set_header("If-Match", "*")
        return self.plainly(request, path)

    def who(self) -> str:
        return str(getattr(self.caller, "id", CLERK))

    def signed(self, records: Records, *names: str) -> dict[str, str]:
        """Who made or changed a record, where it says so."""
        return {name: self.who() for name in names if name in records.properties}

    def within_company(self, path: str) -> str:
        within = re.match(r"^companies\(([^()]*)\)/(.+)$", path)
        if not within:
            return path
        if within[1] != self.shape.company:
            raise Refusal(404, f"The Company does not exist. Id='{within[1]}'", "Internal_CompanyNotFound")
        return within[2]

    def found(self, name: str, records: Records, key: str) -> tuple[dict[str, str], Entity | None]:
        """What an alternate key says, if it is one; the record."""
        if not (named := BY_ALTERNATE.match(key)):
            return {}, self.by(name, records.key, key)
        if named[1] not in records.alternate:
            raise Refusal(400, f"'{named[1]}' is not an alternate key of '{name}'.")
        value = unquote(named[2]).replace("''", "'")
        return {named[1]: value}, self.by(name, named[1], value)

    def by(self, name: str, property: str, value: object) -> Entity | None:
        for entity in self.store.entities(name):
            if str(entity.get_value(property)).lower() == str(value).lower():
                return entity
        return None

    def plainly(self, request: ODataRequest, path: str) -> ODataResponse:
        request.raw_odata_path = path
        answer: ODataResponse = type(self.handler).process(self.handler, request)
        return answer

    def create(self, request: ODataRequest, path: str, records: Records, **more: object) -> ODataResponse:
        values = self.prepared(records, read(request.body), creating=True) | more
        for nav, (target, whole) in records.children.items():
            if nav in values:
                parts = [
                    self.prepared(self.shape.sets[target], part, creating=True) | {whole: values[records.key]}
                    for part in values[nav]
                ]
                values[nav] = parts
        self.number(path.rpartition("/")[2], values)
        for name in records.alternate:
            taken = values.get(name) and self.by(path, name, values[name])
            if taken and self.shape.upserts and name.startswith("new_"):
                raise Refusal(412, "A record with matching key values already exists.", "0x80040237")
        if self.shape.says_nothing and "return=representation" not in (request.prefer or ""):
            request.set_header("Prefer", ",".join(filter(None, (request.prefer, "return=minimal"))))
        request.body = json.dumps(values).encode()
        request.method = HttpMethod.POST
        answer = self.plainly(request, path)
        self.settle()
        return answer

    def create_part(self, request: ODataRequest, path: str, part: tuple[str, str], key: str) -> ODataResponse:
        target, whole = part
        owner = self.by(path.partition("(")[0], "id", key)
        if owner is None:
            raise self.no_such(path.partition("(")[0], key)
        self.refuse_posted(owner)
        return self.create(request, path, self.shape.sets[target], **{whole: key})

    def change(
        self,
        request: ODataRequest,
        path: str,
        name: str,
        records: Records,
        key: str,
        by_alternate: dict[str, str],
        entity: Entity | None,
    ) -> ODataResponse:
        if entity is None:
            if not self.shape.upserts or request.if_match is not None:
                raise self.no_such(name, key)
            given = read(request.body) | (by_alternate or {records.key: key})
            request.body = json.dumps(given).encode()
            request.remove_header("If-None-Match")
            return self.create(request, name, records)
        if request.if_match is None and request.if_none_match is None:
            if self.shape.without_etag:
                message = "Could not validate the client concurrency token required by the service."
                raise Refusal(self.shape.without_etag, message, "BadRequest_InvalidToken")
            request.set_header("If-Match", "*")
        if (request.if_none_match or "") == "*":
            raise Refusal(412, "A record with matching key values already exists.", "0x80040237")
        if request.if_match not in ("*", entity.etag):
            code = "Request_EntityChanged" if self.shape.changed == 409 else "0x80060882"
            raise Refusal(self.shape.changed, "Another user has already changed the record.", code)
        if name == "salesInvoices":
            self.refuse_posted(entity)
        values = self.prepared(records, read(request.body), creating=False)
        values[self.shape.changed_on] = now()
        values |= self.signed(records, "_modifiedby_value")
        request.body = json.dumps(values).encode()
        if not self.shape.says_nothing and not request.prefer:
            request.set_header("Prefer", "return=representation")
        answer = self.plainly(request, path)
        self.settle()
        return answer

    def prepared(self, records: Records, given: dict[str, Any], *, creating: bool) -> dict[str, Any]:
        """What was sent, with lookups as columns and, for a new record, what the system fills in."""
        values: dict[str, Any] = {}
        for name, value in given.items():
            nav, bind, _ = name.partition("@odata.bind")
            if bind:
                values |= self.bound(records, nav, value)
            elif name in records.fixed:
                if self.shape.says_nothing and name.startswith("_"):
                    raise Refusal(400, "CRM do not support direct update of Entity Reference properties.")
                if not self.shape.says_nothing:
                    raise Refusal(400, f"Control '{name}' is read-only", "BadRequest_InvalidOperation")
            elif name not in records.properties and name not in records.children:
                message = f"The property '{name}' does not exist on type '{self.shape.namespace}.{records.type}'."
                raise Refusal(400, f"Invalid request body. {message}")
            else:
                values[name] = value
        if not creating:
            return values
        for name in records.required:
            if not values.get(name):
                raise Refusal(400, f"Field '{name}' must not be blank or empty.", self.required_code())
        values = dict(records.first) | values
        values.setdefault(records.key, str(uuid4()))
        values |= self.signed(records, "_createdby_value", "_modifiedby_value")
        for name in ("createdon", self.shape.changed_on):
            if name in records.properties:
                values[name] = now()
        return values

    def bound(self, records: Records, nav: str, value: str) -> dict[str, str]:
        if nav not in records.lookups:
            raise Refusal(400, f"An undeclared property '{nav}' which only has property annotations was found.")
        column, target = records.lookups[nav]
        named = BOUND.match(value)
        if named is None or named[1] != target:
            raise Refusal(400, f"'{value}' does not name a record of '{target}'.")
        _, entity = self.found(target, self.shape.sets[target], named[2])
        if entity is None:
            raise self.no_such(target, named[2])
        return {column: str(entity.get_value(self.shape.sets[target].key))}

    def number(self, name: str, values: dict[str, Any]) -> None:
        if name in NUMBERED:
            property = "ticketnumber" if name == "incidents" else "number"
            values.setdefault(property, f"{NUMBERED[name]}{next(self.numbers)}")
        if name == "contacts":
            values["fullname"] = " ".join(filter(None, (values.get("firstname"), values.get("lastname"))))
        if name == "annotations" and values.get("documentbody"):
            values["filesize"] = len(base64.b64decode(values["documentbody"]))
        if name == "salesInvoices":
            self.customer(values)

    def customer(self, values: dict[str, Any]) -> None:
        given = values.get("customerId"), values.get("customerNumber")
        customer = self.by("customers", "id", given[0]) if given[0] else self.by("customers", "number", given[1])
        if customer is None:
            raise Refusal(400, "The field Customer cannot be found.", "Internal_InvalidTableRelation")
        values["customerId"] = str(customer.get_value("id"))
        values["customerNumber"], values["customerName"] = (
            customer.get_value("number"),
            customer.get_value("displayName"),
        )
        values.setdefault("invoiceDate", clock.now().date().isoformat())

    def settle(self) -> None:
        """Amounts that follow from others."""
        for invoice in self.store.entities("salesInvoices") if "salesInvoices" in self.shape.sets else ():
            total = 0
            for line in self.store.entities("salesInvoiceLines"):
                if str(line.get_value("documentId")) == str(invoice.get_value("id")):
                    amount = (line.get_value("quantity") or 0) * (line.get_value("unitPrice") or 0)
                    for name in ("amountExcludingTax", "amountIncludingTax"):
                        self.put(line, "salesInvoiceLines", name, amount)
                    total += amount
            if invoice.get_value("totalAmountIncludingTax") != total:
                for name in ("totalAmountExcludingTax", "totalAmountIncludingTax"):
                    self.put(invoice, "salesInvoices", name, total)
                if invoice.get_value("status") == "Draft":
                    self.put(invoice, "salesInvoices", "remainingAmount", total)
                invoice.etag = ETagHelper.next_version(invoice.etag)

    def put(self, entity: Entity, name: str, property: str, value: object) -> None:
        entity.set_property(property, value, ValueType.PRIMITIVE, self.shape.sets[name].properties[property])

    def refuse_posted(self, invoice: Entity) -> None:
        if invoice.get_value("status") != "Draft":
            raise Refusal(400, "The sales invoice has already been posted.", "Application_DialogException")

    def post_invoice(self, request: ODataRequest, invoice: Entity | None) -> ODataResponse:
        if invoice is None:
            raise self.no_such("salesInvoices", "")
        self.refuse_posted(invoice)
        if request.if_match not in (None, "*", invoice.etag):
            raise Refusal(409, "Another user has already changed the record.", "Request_EntityChanged")
        if not invoice.get_value("totalAmountIncludingTax"):
            raise Refusal(400, "There is nothing to post.", "Application_DialogException")
        self.inside("salesInvoices", str(invoice.get_value("id")), {"status": "Open"})
        self.put(invoice, "salesInvoices", "number", f"{next(self.numbers) + 102000}")
        return ODataResponse(status_code=204)

    def cancel_invoice(self, request: ODataRequest, invoice: Entity | None) -> ODataResponse:
        """What was sent out is taken back by a credit memo, as long as nothing of it is paid."""
        if invoice is None:
            raise self.no_such("salesInvoices", "")
        if request.if_match not in (None, "*", invoice.etag):
            raise Refusal(409, "Another user has already changed the record.", "Request_EntityChanged")
        owed = invoice.get_value("status") == "Open"
        if not owed or invoice.get_value("remainingAmount") != invoice.get_value("totalAmountIncludingTax"):
            raise Refusal(400, "You cannot cancel this posted sales invoice.", "Application_DialogException")
        self.inside("salesInvoices", str(invoice.get_value("id")), {"status": "Canceled", "remainingAmount": 0})
        return ODataResponse(status_code=204)

    def close_incident(self, given: dict[str, Any]) -> ODataResponse:
        resolution = dict(given["IncidentResolution"])
        records = self.shape.sets["incidentresolutions"]
        values = self.prepared(records, resolution, creating=True)
        incident = self.by("incidents", "incidentid", values["_incidentid_value"])
        if incident is None or incident.get_value("statecode") != 0:
            raise Refusal(400, "This case has already been resolved or cancelled.", "0x80040203")
        self.inside("incidents", values["_incidentid_value"], {"statecode": 1, "statuscode": given.get("Status", 5)})
        self.seed("incidentresolutions", values)
        return ODataResponse(status_code=204)

    def content(self, request: ODataRequest, path: str) -> ODataResponse:
        key = path.partition("(")[2].partition(")")[0]
        entity = self.by("documentAttachments", "id", key)
        if entity is None:
            raise self.no_such("documentAttachments", key)
        if request.method is HttpMethod.PATCH:
            if request.if_match is None:
                raise Refusal(400, "Could not validate the client concurrency token.", "BadRequest_InvalidToken")
            if request.if_match not in ("*", entity.etag):
                raise Refusal(409, "Another user has already changed the record.", "Request_EntityChanged")
            self.contents[key] = request.body
            self.inside("documentAttachments", key, {"byteSize": len(request.body)})
            return ODataResponse(status_code=204)
        if key not in self.contents:
            return ODataResponse(status_code=204)
        answer = ODataResponse(content=self.contents[key])
        answer.set_header("Content-Type", "application/octet-stream")
        return answer

    def inside(self, name: str, key: str, values: dict[str, Any]) -> None:
        """A change from within, by a person who works with the system."""
        records = self.shape.sets[name]
        entity = self.by(name, records.key, key)
        if entity is None:
            raise self.no_such(name, key)
        for property, value in (values | self.signed(records, "_modifiedby_value")).items():
            self.put(entity, name, property, typed(records.properties[property], value))
        if self.shape.changed_on in records.properties and self.shape.changed_on not in values:
            self.put(entity, name, self.shape.changed_on, clock.now().replace(microsecond=0))
        entity.etag = ETagHelper.next_version(entity.etag)

    def empty(self) -> None:
        self.store.data.clear()
        self.store.relations.clear()

    def seed(self, name: str, values: dict[str, Any]) -> None:
        entity, records = Entity(), self.shape.sets[name]
        known = self.signed(records, "_createdby_value", "_modifiedby_value")
        known |= {name: now() for name in ("createdon", self.shape.changed_on) if name in records.properties}
        for property, value in (known | values).items():
            self.put(entity, name, property, typed(records.properties[property], value))
        entity.etag = 'W/"1"'
        self.store.insert_entity(name, entity)

    def no_such(self, name: str, key: str) -> Refusal:
        if self.shape.says_nothing:
            return Refusal(404, f"{self.shape.sets[name].type} With Id = {key} Does Not Exist", "0x80040217")
        return Refusal(404, f"The {name} does not exist. Id='{key}'", "Internal_RecordNotFound")

    def required_code(self) -> str:
        return "0x80048d19" if self.shape.says_nothing else "BadRequest_RequiredParamNotProvided"

    def refusal(self, status: int, message: str, code: str = "") -> ODataResponse:
        answer = ODataResponse(status_code=status)
        said = {"error": {"code": code or self.shape.codes.get(status, str(status)), "message": message}}
        answer.set_content(json.dumps(said), "application/json; odata.metadata=minimal")
        answer.set_header("OData-Version", "4.0")
        return answer


def read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError as wrong:
        raise Refusal(400, f"Invalid JSON. {wrong}") from wrong
    if not isinstance(said, dict):
        raise Refusal(400, "Invalid JSON. A record was expected.")
    return said


def now() -> str:
    return clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def typed(kind: str, value: Any) -> Any:
    """A value as odatapy keeps it."""
    if value is None or kind in ("Edm.String", "Edm.Int32", "Edm.Boolean", "Edm.Double"):
        return value
    return get_primitive_type(kind.removeprefix("Edm.")).value_of_string(str(value), Facets(precision=18, scale=2))
