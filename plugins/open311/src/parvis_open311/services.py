"""The services of a town: which request types can be asked by GeoReport, and the questions of each as attributes."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, Literal

import msgspec
from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.offered import types_for_anyone
from parvis_open311.markup import Many, as_json
from parvis_open311.settings import settings_for
from parvis_sdk.fields import (
    AnyField,
    Consent,
    Date,
    File,
    Group,
    Information,
    LongText,
    Money,
    Number,
    OneOf,
    Option,
    Photo,
    PlaceFact,
    PlaceField,
    SeveralOf,
    YesNo,
)
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

Datatype = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
UNASKED = (File, Photo, Group, PlaceField)
"""Questions that GeoReport cannot put: where one is required, the type is not offered."""
DATATYPES: dict[type, Datatype] = {
    LongText: "text",
    Number: "number",
    Money: "number",
    Date: "datetime",
    YesNo: "singlevaluelist",
    Consent: "singlevaluelist",
    OneOf: "singlevaluelist",
    SeveralOf: "multivaluelist",
}
YES = Option(code="yes", label=Text(fr="Oui", en="Yes"))
NO = Option(code="no", label=Text(fr="Non", en="No"))
REALTIME = "realtime"


class Attribute(Struct, frozen=True, kw_only=True):
    """One question, or words between questions (`variable` false)."""

    field: AnyField
    order: int
    datatype: Datatype
    options: tuple[Option, ...] = ()

    @property
    def variable(self) -> bool:
        return not isinstance(self.field, Information)

    @property
    def required(self) -> bool:
        """GeoReport knows no conditions: what is asked of some is required of nobody here, and judged when it comes."""
        field = self.field
        return self.variable and field.required and field.show_when is None and field.required_when is None


def services_of(host: Host, town: Jurisdiction) -> tuple[RequestType, ...]:
    """The types that this town offers to others, in its order."""
    settings = settings_for(town)
    return tuple(
        each
        for each in types_for_anyone(host, town)
        if can_be_asked(each)
        and each.code not in settings.without
        and (not settings.types or each.code in settings.types)
    )


def can_be_asked(request_type: RequestType) -> bool:
    """Whether every question that everybody must answer is one that GeoReport can put, and none of its parts must be
    settled before: papers, fees, verdicts on eligibility."""
    if request_type.eligibility is not None or any(part.part == "fee" for part in request_type.parts):
        return False
    return not any(
        isinstance(field, UNASKED) and field.required and field.show_when is None and field.required_when is None
        for section in request_type.form.sections
        if section.show_when is None
        for field in section.fields
    )


def service_at(host: Host, town: Jurisdiction, code: str) -> RequestType | None:
    return next((each for each in services_of(host, town) if each.code == code), None)


def attributes_of(request_type: RequestType) -> tuple[Attribute, ...]:
    """The questions in their order, but for that which `description` answers."""
    answered = description_field(request_type)
    asked = (
        field
        for field in request_type.form.fields()
        if field is not answered and not isinstance(field, (*UNASKED, PlaceFact))
    )
    return tuple(
        Attribute(
            field=field, order=number, datatype=DATATYPES.get(type(field), "string"), options=tuple(options_of(field))
        )
        for number, field in enumerate(asked, 1)
    )


def options_of(field: AnyField) -> Iterator[Option]:
    if isinstance(field, OneOf | SeveralOf):
        yield from field.options
    elif isinstance(field, YesNo):
        yield from (YES, NO)
    elif isinstance(field, Consent):
        yield YES


def description_field(request_type: RequestType) -> LongText | None:
    """The question that the words of a report answer: one that means a description, else the first of many lines."""
    long = [each for each in request_type.form.fields() if isinstance(each, LongText) and each.show_when is None]
    return next((each for each in long if each.means == "description"), long[0] if long else None)


def service(request_type: RequestType, language: str) -> dict[str, Any]:
    """One line of the list of services."""
    return {
        "service_code": request_type.code,
        "service_name": request_type.title.to(language).strip(),
        "description": request_type.summary.to(language),
        "metadata": bool(attributes_of(request_type)),
        "type": REALTIME,
        "keywords": ", ".join(each.to(language) for each in request_type.keywords),
        "group": request_type.theme.title.to(language),
    }


def definition(request_type: RequestType, language: str) -> dict[str, Any]:
    """What a service asks."""
    attributes = tuple(attribute(each, language) for each in attributes_of(request_type))
    return {"service_code": request_type.code, "attributes": Many("attribute", attributes)}


def attribute(asked: Attribute, language: str) -> Mapping[str, Any]:
    field = asked.field
    if isinstance(field, Information):
        words = f"{field.label.to(language)}\n{field.body.to(language)}".strip()
        told: dict[str, Any] = {"variable": False, "code": field.code, "datatype": "text", "required": False}
        return told | {"datatype_description": "", "order": asked.order, "description": words}
    label = field.statement.to(language) if isinstance(field, Consent) else field.label.to(language)
    shown: dict[str, Any] = {
        "variable": True,
        "code": field.code,
        "datatype": asked.datatype,
        "required": asked.required,
        "datatype_description": hint(field, language),
        "order": asked.order,
        "description": label,
    }
    if asked.options:
        values = tuple({"key": each.code, "name": each.label.to(language)} for each in asked.options)
        shown["values"] = Many("value", values)
    return shown


def hint(field: AnyField, language: str) -> str:
    """The help of a question, with its unit."""
    said = field.help.to(language) if field.help else ""
    unit = field.unit.to(language) if isinstance(field, Number) and field.unit else ""
    unit = field.currency if isinstance(field, Money) else unit
    return f"{said} ({unit})".strip() if unit else said


def changeset_of(host: Host, town: Jurisdiction) -> str:
    """What is offered, as one word that is the same in every process and another one once anything of it changes.

    The versions of all types come first, so that the words of later offers mostly sort after those of earlier ones.
    """
    offered = services_of(host, town)
    told = [definition(each, language) | service(each, language) for each in offered for language in town.languages]
    digest = blake2b(msgspec.json.encode(as_json(Many("service", tuple(told)))), digest_size=4).hexdigest()
    return f"{sum(each.version for each in offered):06}-{digest}"
