"""What was posted as attributes, as the answers of a form."""

from collections.abc import Mapping
from typing import Any

from parvis_open311.services import attributes_of, description_field
from parvis_sdk.fields import AnyField, Date, Money, Number, SeveralOf, YesNo
from parvis_sdk.problems import Problem
from parvis_sdk.quantities import decimal_of
from parvis_sdk.request_types import RequestType

PREFIX = "attribute["


def answers_in(request_type: RequestType, sent: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The answers by question; codes that the type does not ask are left out, as clients send extras.

    >>> codes_in({"attribute[size]": ("large",), "attribute[days][]": ("a", "b"), "lat": ("45",)})
    {'size': ('large',), 'days': ('a', 'b')}
    """
    given = codes_in(sent)
    asked = [each.field for each in attributes_of(request_type) if each.variable]
    answers = {field.code: answer_of(field, given[field.code]) for field in asked if field.code in given}
    described, words = description_field(request_type), "\n".join(sent.get("description", ()))
    if described is not None and words:
        answers[described.code] = words
    return answers


def codes_in(sent: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The values of `attribute[code]` and `attribute[code][]` by their codes, empty ones left out."""
    found: dict[str, tuple[str, ...]] = {}
    for name, values in sent.items():
        if name.startswith(PREFIX):
            code = name.removeprefix(PREFIX).removesuffix("[]").removesuffix("]")
            found[code] = (*found.get(code, ()), *values)
    return found


def answer_of(field: AnyField, values: tuple[str, ...]) -> Any:
    """One answer; what cannot be read is left as it is, for the form to say so."""
    if isinstance(field, SeveralOf):
        return list(values)
    value = values[0] if len(values) == 1 else ", ".join(values)
    if isinstance(field, YesNo):
        return {"yes": True, "no": False}.get(value, value)
    if isinstance(field, Date):
        return value.partition("T")[0]  # a day is asked, and GeoReport has moments only
    if isinstance(field, Money):
        amount = decimal_of(value)  # in units of the currency, as the definition says; our own API alone has cents
        return value if amount is None or amount != round(amount, 2) else f"{amount:.2f}"
    return value if not isinstance(field, Number) else value.strip()


def named(problem: Problem, request_type: RequestType) -> str:
    """The argument of GeoReport that a problem is about.

    >>> from parvis_sdk.text import Text
    >>> from types import SimpleNamespace
    >>> nothing = SimpleNamespace(form=SimpleNamespace(fields=lambda: ()))
    >>> named(Problem(path="requester.email", code="x", message=Text(fr="x")), nothing)
    'email'
    """
    first, _, rest = problem.path.partition(".")
    if first == "answers":
        code = rest.partition(".")[0]
        described = description_field(request_type)
        return "description" if described is not None and described.code == code else f"attribute[{code}]"
    if first == "requester":
        return {"name": "first_name"}.get(rest, rest or "email")
    return {"place": "lat, long", "type": "service_code", "language": "locale"}.get(first, first)
