"""Everything that the nouns of a plugin declare, as data for programs and as lines for people."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis_sdk.chores import Chore, Every
from parvis_sdk.commands import Command
from parvis_sdk.connectors import Connector
from parvis_sdk.endpoints import Endpoint, Public, Signed
from parvis_sdk.events import Event
from parvis_sdk.figures import Figure
from parvis_sdk.forms import Form
from parvis_sdk.identity_providers import IdentityProvider
from parvis_sdk.pages import Page
from parvis_sdk.panels import Panel
from parvis_sdk.request_types import RequestType
from parvis_sdk.settings import is_marked, secret_names
from parvis_sdk.subscriptions import Subscription
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition

SECRET = re.compile(r"secret|password|token|key", re.IGNORECASE)
CALLS = ("deliver", "changes", "understand", "check", "listed", "trial")


def noun_told(noun: Any, language: str) -> dict[str, Any]:
    """One noun as data; for an unknown kind, its name and its class."""
    match noun:
        case RequestType():
            return type_told(noun, language)
        case Subscription():
            heard = {"events": names_of(noun.events), "types": list(noun.types), "needs": list(noun.needs)}
            granted = {"finds": [msgspec.to_builtins(each) for each in noun.finds], "corrects": list(noun.corrects)}
            return {"name": noun.name, **heard, "facts": list(noun.facts), **granted}
        case Connector():
            return connector_told(noun, language)
        case Panel():
            shown = {"shown_to": list(noun.shown_to), "types": list(noun.types), "needs": list(noun.needs)}
            return {
                "name": noun.code,
                "title": noun.title.to(language),
                **shown,
                "finds": [msgspec.to_builtins(each) for each in noun.finds],
            }
        case Chore():
            turns = noun.turns
            when = f"{turns.minutes} min" if isinstance(turns, Every) else f"{turns.at:%H:%M}"
            days = {"business_days": getattr(turns, "business_days", False)}
            limits = {"towns": list(noun.towns), "connector": noun.connector, "seconds": noun.seconds}
            named = {"name": noun.code, "title": noun.title.to(language), "turns": when}
            return {**named, **days, **limits, "finds": [msgspec.to_builtins(each) for each in noun.finds]}
        case Page():
            shown = {"shown_to": list(noun.shown_to), "roles": list(noun.roles)}
            filters = [each.code for each in noun.filters]
            return {"name": noun.code, "title": noun.title.to(language), **shown, "filters": filters}
        case Figure():
            counted = {"over": noun.over, "explanation": noun.explanation.to(language)}
            read = {"towns": list(noun.towns), "finds": [msgspec.to_builtins(each) for each in noun.reads]}
            return {"name": noun.code, "title": noun.title.to(language), **counted, **read}
        case Endpoint():
            auth = noun.auth
            by = "signature" if isinstance(auth, Signed) else "anybody" if isinstance(auth, Public) else auth.scope
            limits = {"largest": noun.largest, "seconds": noun.seconds, "connector": noun.connector}
            told = {"name": noun.code, "title": noun.title.to(language), "methods": list(noun.methods)}
            return {**told, "called_by": by, "towns": list(noun.towns), **limits}
        case IdentityProvider():
            believed = msgspec.to_builtins(structs.replace(noun, client_secret=""))
            return {**believed, "title": noun.title.to(language), "client_secret": bool(noun.client_secret)}
        case Command():
            asked = [{"name": each.name, "kind": each.kind, "required": each.required} for each in noun.arguments]
            return {"name": noun.code, "title": noun.title.to(language), "arguments": asked}
    title = getattr(noun, "title", None)
    words = {"title": title.to(language)} if isinstance(title, Text) else {}
    method = getattr(noun, "contact_method", None)
    reached = {"contact_method": method.name, "by": method.by.to(language), "form": method.form} if method else {}
    return {"name": str(noun.name), **words, **reached, "kind": type(noun).__name__}


def type_told(request_type: RequestType, language: str) -> dict[str, Any]:
    """A request type: its questions, its transitions with who may make them, its service levels, parts and messages."""
    workflow = request_type.workflow
    return {
        "code": request_type.code,
        "title": request_type.title.to(language),
        "version": request_type.version,
        "theme": request_type.theme.code,
        "opened_by": request_type.opened_by,
        "fields": list(fields_told(request_type.form, language)),
        "states": [
            {"code": each.code, "title": each.title.to(language), "phase": str(each.phase)} for each in workflow.states
        ],
        "moves": [move_told(each, language) for each in workflow.transitions],
        "life": workflow.diagram(language),
        "promises": [{"code": each.code, "title": each.title.to(language)} for each in request_type.service_levels],
        "parts": [
            {"kind": str(each.part), "code": each.code, "title": each.title.to(language), "facts": sorted(each.facts())}
            for each in request_type.parts
        ],
        "parts_required": sorted(request_type.required()),
        "messages": [{"on": each.on, "subject": each.subject.to(language)} for each in request_type.messages],
        "retention_days": request_type.retention.days,
        "roles": [each.code for each in request_type.parties],
    }


def fields_told(form: Form, language: str) -> Iterator[dict[str, Any]]:
    for field in form.fields():
        yield {
            "code": field.code,
            "kind": type(field).__name__,
            "label": field.label.to(language),
            "sensitivity": field.privacy.sensitivity,
            "required": bool(getattr(field, "required", False)),
            "asked_when": condition_told(getattr(field, "show_when", None)),
            "rules": [each.says.to(language) for each in getattr(field, "checks", ())],
        }


def move_told(transition: Transition, language: str) -> dict[str, Any]:
    return {
        "code": transition.code,
        "title": transition.title.to(language),
        "from": list(transition.sources),
        "to": transition.target,
        "by": list(transition.by),
        "asks": [each.code for each in transition.asks.fields()],
        "told": transition.tell,
        "needs": list(transition.needs),
        "needs_when": [need.fact for need in transition.needs_when],
        "after": list(transition.after),
        "brings": list(transition.brings),
    }


def connector_told(connector: Connector, language: str) -> dict[str, Any]:
    return {
        "name": connector.name,
        "title": connector.title.to(language),
        "address": connector.address,
        "events": names_of(connector.events),
        "types": list(connector.types),
        "towns": list(connector.towns),
        "needs": list(connector.needs),
        "does": [each for each in CALLS if getattr(connector, each) is not None],
        "layers": list(connector.layers),
        "seconds": connector.pace.seconds,
    }


def settings_of(settings: Struct | None) -> Iterator[dict[str, Any]]:
    """The settings of a plugin with their defaults; secrets, declared or recognized by name, have none."""
    declared = secret_names(type(settings)) if settings is not None else ()
    for field in structs.fields(type(settings)) if settings is not None else ():
        is_secret = field.name in declared or SECRET.search(field.name) is not None
        has_usual = field.default is not msgspec.NODEFAULT or field.default_factory is not msgspec.NODEFAULT
        usual = "" if is_secret or field.default is msgspec.NODEFAULT else str(field.default)
        yield {
            "name": field.encode_name,
            "required": not has_usual,
            "default": usual,
            "secret": is_secret,
            "exit": is_marked(field.type, "exit"),
        }


def condition_told(condition: Any) -> Any:
    """A condition as data, as a request's declaration keeps it."""
    return None if condition is None else msgspec.to_builtins(condition)


def names_of(events: Iterable[type[Event]]) -> list[str]:
    return [each.__name__ for each in events]


def lines_of(told: dict[str, Any]) -> Iterator[str]:
    """The same, for people."""
    yield f"{told['name']} ({' '.join(part for part in (told['distribution'], told['version']) if part)})"
    if told["settings"]:
        yield "\nsettings"
    for each in told["settings"]:
        usual = "secret" if each["secret"] else "required" if each["required"] else each["default"]
        yield f"  {each['name']}: {usual}{' (it speaks to this system)' * each['exit']}".rstrip()
    for each in told["request_types"]:
        yield from type_lines(each)
    for each in told["subscriptions"]:
        yield f"\n{each['name']} receives {heard(each)}"
    for each in told["connectors"]:
        yield f"\n{each['name']} tells {each['address']} of {heard(each)}"
        yield f"  {', '.join(each['does'])}; within {each['seconds']:g} s"
    for each in told["panels"]:
        about = f" on {', '.join(each['types'])}" if each["types"] else ""
        needs = ", ".join(each["needs"]) or "nothing personal"
        yield f"\npanel {each['name']} · {each['title']}: shown to {', '.join(each['shown_to'])}{about}; needs {needs}"
    for each in told["pages"]:
        roles = f" ({', '.join(each['roles'])})" if each["roles"] else ""
        by = f"; filters {', '.join(each['filters'])}" if each["filters"] else ""
        yield f"\npage {each['name']} · {each['title']}: shown to {', '.join(each['shown_to'])}{roles}{by}"
    known = {"name", "distribution", "version", "settings", "personal"}
    known |= {"request_types", "subscriptions", "connectors", "panels", "pages"}
    for hook, nouns in told.items():
        for each in nouns if hook not in known else ():
            yield f"\n{hook}: {', '.join(str(value) for value in each.values())}"
    yield f"\nis given of a person: {', '.join(told['personal']) or 'nothing'}"


def type_lines(told: dict[str, Any]) -> Iterator[str]:
    """A request type as lines for people, with a drawing of its workflow."""
    yield f"\n{told['code']} · {told['title']} · version {told['version']} · theme {told['theme']}"
    for each in told["fields"]:
        required = "" if each["required"] else ", may be left out"
        yield f"  {each['code']} ({each['kind']}, {each['sensitivity']}{required}): {each['label']}"
        yield from (f"    rule: {rule}" for rule in each["rules"])
    yield told["life"]
    for each in told["moves"]:
        tied = [f"; {word} {', '.join(each[word])}" for word in ("needs", "after", "brings") if each[word]]
        yield f"  {each['code']}: by {', '.join(each['by'])}{''.join(tied)}"
    for each in told["promises"]:
        yield f"  promise {each['code']}: {each['title']}"
    for each in told["parts"]:
        facts = ", ".join(fact.rpartition(".")[2] for fact in each["facts"])
        yield f"  part {each['kind']} {each['code']}: {each['title']}; facts {facts or 'none'}"
    for each in told["messages"]:
        yield f"  message on {each['on']}: {each['subject']}"
    yield f"  kept {told['retention_days']} days after closing"


def heard(told: dict[str, Any]) -> str:
    about = f" about {', '.join(told['types'])}" if told["types"] else ""
    finds = "".join(f"; finds {', '.join(each['types'])}" for each in told.get("finds", ()))
    corrects = f"; corrects {', '.join(told['corrects'])}" if told.get("corrects") else ""
    needs = ", ".join(told["needs"]) or "nothing personal"
    return f"{', '.join(told['events'])}{about}; needs {needs}{finds}{corrects}"
