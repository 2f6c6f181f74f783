"""Reading who is asking: named, confidential or anonymous, and how to reach them."""

from collections.abc import Collection, Mapping
from typing import Any

from parvis_sdk.cleaning import clean
from parvis_sdk.contact_methods import BUILT_IN, ContactMethod, method_of
from parvis_sdk.fields import Email, LongText, Phone, ShortText
from parvis_sdk.nothing import NOTHING
from parvis_sdk.postal import read_postal
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.requests import IdentityMode, Requester
from parvis_sdk.text import Text

NAME = ShortText(code="name", label=Text(fr="Votre nom", en="Your name"), max_length=120, autocomplete="name")
EMAIL = Email(code="email", label=Text(fr="Courriel", en="Email"), required=False, autocomplete="email")
PHONE = Phone(code="phone", label=Text(fr="Téléphone", en="Phone"), required=False, autocomplete="tel")
POSTAL = LongText(
    code="postal_address",
    label=Text(fr="Adresse postale", en="Postal address"),
    help=Text(
        fr="Sous votre nom\u00a0: rue ou case postale, puis municipalité, province et code postal.",
        en="Below your name: street or post office box, then municipality, province and postal code.",
    ),
    required=False,
    max_length=400,
    autocomplete="street-address",
)


def read_requester(
    raw: Any,
    modes: tuple[IdentityMode, ...],
    *,
    contact: bool,
    methods: Collection[ContactMethod] = BUILT_IN,
) -> Requester | Problems:
    """A requester out of its parts, named as those of `Requester`, or every problem of it.

    An anonymous person keeps no name; what they leave to be reached by is kept only to tell them of the steps.
    Where no mode is sent and only one is offered, it is that one. A person who wants to be reached by one of `methods`
    leaves what that takes.
    """
    if raw is not None and not isinstance(raw, Mapping):
        return Problems(found=(problem("mode", "requester.mode"),))
    given: Mapping[str, Any] = raw or {}
    sent = given.get("mode")
    blank = not sent or (isinstance(sent, str) and not clean(sent).strip())  # a form drops it: no mode was sent
    mode = (modes[0] if len(modes) == 1 else None) if blank else sent
    if mode not in modes:
        return Problems(found=(problem("mode", "requester.mode"),))
    found: list[Problem] = []
    kept: dict[str, str] = {}
    for field in (EMAIL, PHONE, POSTAL) if mode == "anonymous" else (NAME, EMAIL, PHONE, POSTAL):
        path = f"requester.{field.code}"
        value = read_value(field, given.get(field.code), path, Reading(), {})
        if field is POSTAL and isinstance(value, str):
            value = read_postal(value, path)
        if isinstance(value, Problem):
            found.append(value)
        elif isinstance(value, Problems):
            found.extend(value.found)
        elif value is not NOTHING:
            kept[field.code] = value
    wrong = {problem.path for problem in found}
    reachable = any(kept.get(field.code) or f"requester.{field.code}" in wrong for field in (EMAIL, PHONE, POSTAL))
    if mode != "anonymous" and contact and not reachable:
        found.append(problem("contact_missing", "requester.email"))
    wanted = given.get("preferred_channel") or ""
    found += _wrong_way(wanted, methods, kept, {*wrong, *(each.path for each in found)})
    return Problems(found=tuple(found)) if found else Requester(mode=mode, preferred_channel=str(wanted), **kept)


def _wrong_way(
    wanted: Any, methods: Collection[ContactMethod], kept: Mapping[str, str], told: Collection[str]
) -> list[Problem]:
    """Why a person cannot be reached as they wish: not offered, without the address it takes, or with one it does not
    take; an address that is wrong by itself was `told` already."""
    if wanted == "":
        return []
    method = method_of(wanted, methods) if isinstance(wanted, str) else None
    if method is None:
        return [problem("not_offered", "requester.preferred_channel", label=CHANNEL_LABEL)]
    path = f"requester.{method.needs}"
    if not method.needs or path in told:
        return []
    if method.needs not in kept:
        return [problem(f"{method.needs}_missing", path)]
    return [] if method.takes(kept[method.needs]) else [Problem(path=path, code="not_taken", message=method.wrong)]


CHANNEL_LABEL = Text(fr="Comment vous joindre", en="How to reach you")
