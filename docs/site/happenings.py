"""Pages of the reference on what is plugged in, happens and is said: hooks, events, facts, messages, metrics."""

import ast
import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

import parvis_sdk
from parvis_canned_replies.ready_texts import NAMES as IN_CANNED_REPLIES
from parvis_sdk import hooks as sdk_hooks
from parvis_sdk.events import AnyEvent
from parvis_sdk.message_mistakes import BY_HAND, TOLD
from parvis_sdk.parts import Part, UnknownPart
from parvis_sdk.reviews import DEEMED, ESCALATED, GIVEN, Review

ROOT = Path(__file__).parents[2]
FAMILIES = {"Gauge": "gauge", "Counter": "counter", "Histogram": "histogram"}
WHEN_TOLD = {
    "submitted": "A request was received.",
    "replied": "A person of the town wrote to the requester.",
    "withdrawn": "The requester withdrew the request.",
    "rescheduled": "The town moved the promised date.",
    "retyped": "The request has another type now.",
}
QUALIFIED = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])")
OF_REVIEWS = (("given_TASK", GIVEN), ("escalated_TASK", ESCALATED), ("deemed_TASK", DEEMED))


def hooks() -> str:
    """Each hook with what it is given, what it answers, and its sentence."""
    rows = (
        (
            f"[`{name}({', '.join(inspect.signature(hook).parameters)})`](../hooks.md#{_anchor(name, hook)})",
            f"`{_annotation(inspect.signature(hook).return_annotation)}`",
            first_sentence(hook),
        )
        for name, hook in every_hook()
    )
    told = "What a plugin implements; an example of each, run by a test, stands in [the guide](../hooks.md)."
    return f"# Hooks\n\n{told}\n\n{table(('hook', 'answers', 'what it is for'), rows)}"


def events() -> str:
    """Each event by the word under which it is sent, with its fields."""
    told = (
        "What a committed change announces to subscriptions, connectors and [webhooks](../webhooks.md). "
        "Each has `id`, `reference`, `at` (UTC) and `actor`, and holds no personal data."
    )
    lines = ["# Events", "", told, ""]
    for event in every_event():
        own = [each for each in msgspec.structs.fields(event) if each.name not in COMMON]
        rows = ((f"`{each.name}`", f"`{_annotation(each.type)}`", "" if each.required else "no") for each in own)
        lines += [f"## `{event.__struct_config__.tag}`", "", f"{{py:class}}`parvis_sdk.events.{event.__name__}`", ""]
        lines += [inspect.getdoc(event) or "", ""]
        lines += [table(("field", "type", "always there"), rows), ""] if own else []
    return "\n".join(lines)


def facts() -> str:
    """Each fact of each kind of part, with what brings it about and what a message of it may fill in."""
    told = (
        "What may come true of a part of a request, written `<part>.<code>.<word>`: `validity.permit.expired`. "
        "A step of a workflow needs facts, brings them about, or is made by itself after one. What can be *brought* "
        "is brought by a step; the others come true by themselves. Where the requester is *told*, a town may replace "
        "the words in `messages.toml`."
    )
    lines = ["# Facts", "", told, ""]
    for kind in every_kind():
        rows = [
            (
                f"`{kind.__struct_config__.tag}.CODE.{word}`",
                _without_title(fact.title.en),
                "yes" if fact.brought else "",
                "yes" if fact.body else "",
                _braced(fact.names),
            )
            for word, fact in kind.FACTS.items()
        ]
        if kind is Review:
            rows += [(f"`review.CODE.{word}`", _without_title(title.en), "", "", "") for word, title in OF_REVIEWS]
        lines += [f"## {kind.__name__}", "", f"{{py:class}}`{kind.__module__}.{kind.__name__}`", ""]
        lines += [table(("fact", "what has come true", "brought", "told", "names"), rows), ""]
    return "\n".join(lines)


def messages() -> str:
    """What a person is told of, and every name that is filled in, in English and in French."""
    names = placeholders()
    sections = (
        ("In every message", "", names["message"]),
        ("In what a person wrote", f"In {_listed(BY_HAND)}.", names["by_hand"]),
        ("In messages of facts", "Which fact has which stands in [Facts](facts.md).", names["fact"]),
        ("In documents", "Beside the codes of the answers that the document shows.", names["document"]),
        ("In canned replies", "", {name: {"en": text.en, "fr": text.fr} for name, text in IN_CANNED_REPLIES.items()}),
    )
    occasions = ((f"`{each}`", WHEN_TOLD[each]) for each in TOLD)
    told = (
        "Words of `messages.toml`, of a plugin's `Message` and of a document may hold names in braces. A sentence "
        "that needs a name for which there is nothing to say is left out. "
        "See [messages.toml](../towns.md#messagestoml)."
    )
    lines = ["# Messages and placeholders", "", told, "", "## What is told", ""]
    lines += ["These, the code of any step of a workflow, and the name of any [fact](facts.md) (`fee.permit.due`).", ""]
    lines += [table(("occasion", "when"), occasions), ""]
    for title, words, meanings in sections:
        rows = ((f"`{{{name}}}`", each["en"], _in_french(each["fr"])) for name, each in meanings.items())
        lines += [f"## {title}", "", *((words, "") if words else ()), table(("name", "English", "français"), rows), ""]
    return "\n".join(lines)


def metrics() -> str:
    """Each family that `/metrics` answers, with its labels, read from the calls that make them."""
    rows = ((f"`{name}`", kind, _listed(labels), help) for name, kind, labels, help in every_metric())
    told = "At `/metrics`, in the format of Prometheus; what to watch for: [Operations](../operations.md#measures)."
    return f"# Metrics\n\n{told}\n\n{table(('metric', 'kind', 'labels', 'what it says'), rows)}"


PAGES = (hooks, events, facts, messages, metrics)


def every_hook() -> Iterator[tuple[str, Any]]:
    for name, value in vars(sdk_hooks).items():
        if hasattr(value, "parvis_spec"):
            yield name, value


def every_event() -> tuple[Any, ...]:
    """In the order of the union that the host sends."""
    return AnyEvent.__args__


COMMON = {each.name for each in msgspec.structs.fields(every_event()[0].__mro__[1])}


def every_kind() -> tuple[type[Part], ...]:
    """The kinds of part of the sdk, by their names."""
    for each in pkgutil.iter_modules(parvis_sdk.__path__):
        importlib.import_module(f"parvis_sdk.{each.name}")
    kinds = (
        each for each in Part.__subclasses__() if each.__module__.startswith("parvis_sdk.") and each is not UnknownPart
    )
    return tuple(sorted(kinds, key=lambda kind: kind.__name__))


def placeholders() -> dict[str, dict[str, dict[str, str]]]:
    """By where it stands, each name with what fills it in."""
    return tomllib.loads((Path(__file__).parent / "placeholders.toml").read_text("utf-8"))


def every_metric() -> list[tuple[str, str, tuple[str, ...], str]]:
    """Name, kind, labels and sentence, by name; a counter has the ending that it has in the answer."""
    sources = (*(ROOT / "core/src").rglob("*.py"), *(ROOT / "plugins").glob("*/src/**/*.py"))
    texts = (path.read_text("utf-8") for path in sources)
    trees = (ast.parse(text) for text in texts if "Gauge(" in text or "prometheus_client" in text)
    return sorted(each for tree in trees for each in _metrics_of(tree))


def _metrics_of(tree: ast.Module) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Calls of `Gauge`, `Counter`, `Histogram`, and of a function that puts something before a name and calls one."""
    short = dict(_short_hands(tree))
    for call in (each for each in ast.walk(tree) if isinstance(each, ast.Call) and len(each.args) >= 2):
        made, (name, help) = getattr(call.func, "id", ""), call.args[:2]
        if not (isinstance(name, ast.Constant) and isinstance(help, ast.Constant)):
            continue
        if made in short:
            before, labels = short[made]
            yield f"{before}{name.value}", "gauge", labels, help.value
        elif made in FAMILIES:
            ending = "_total" if made == "Counter" else ""
            yield f"{name.value}{ending}", FAMILIES[made], _constants(call.args[2]), help.value


def _short_hands(tree: ast.Module) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    for function in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
        for call in (each for each in ast.walk(function) if isinstance(each, ast.Call) and each.args):
            if getattr(call.func, "id", "") == "Gauge" and isinstance(call.args[0], ast.JoinedStr):
                yield function.name, (call.args[0].values[0].value, _constants(call.args[2]))


def _constants(node: ast.expr) -> tuple[str, ...]:
    return tuple(each.value for each in getattr(node, "elts", ()))


def _anchor(name: str, hook: Any) -> str:
    """Where the guide has it: its heading, without what an address of a heading leaves out."""
    return name + "-".join(inspect.signature(hook).parameters)


def _annotation(noun: Any) -> str:
    """A type as it is written, without where it comes from."""
    if isinstance(noun, type) and not getattr(noun, "__args__", ()):
        return noun.__name__
    return QUALIFIED.sub("", str(noun))


def _in_french(words: str) -> str:
    return f'<span lang="fr">{words}</span>'


def _without_title(words: str) -> str:
    return words.removeprefix("{title}: ").removeprefix("{title}").strip() or words


def _braced(names: Iterable[str]) -> str:
    return ", ".join(f"`{{{name}}}`" for name in names)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def first_sentence(noun: Any) -> str:
    """What its docstring says first, in one line."""
    return (inspect.getdoc(noun) or "").partition("\n\n")[0].replace("\n", " ")


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of Markdown; what would end a cell is escaped."""
    cells = (head, ("---",) * len(head), *rows)
    lines = (" | ".join(each.replace("|", r"\|") for each in row) for row in cells)
    return "".join(f"| {each} |\n" for each in lines)
