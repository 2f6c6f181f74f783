"""Writes the pages of the reference from the code; those on what happens and what is said are made in `happenings`."""

import importlib
import pkgutil
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import glossary
import happenings
import msgspec
import services
import vocabulary
from happenings import first_sentence, table

import parvis_sdk
from parvis.api.description import document
from parvis.api.routing import every_operation
from parvis.people.roles import RIGHTS, ROLES
from parvis.plugins.module_discovery import find_modules
from parvis.settings import MEANINGS, Settings


def write(folder: Path) -> None:
    """Every page anew, in English."""
    pages = (commands, settings, rights, modules, api, sdk, decisions, *happenings.PAGES)
    words = (
        ("glossary", glossary.page("en")),
        ("wording", glossary.wording()),
        ("vocabulary", vocabulary.vocabulary()),
        ("services", services.page("en")),
    )
    _write(folder, (*((each.__name__, each()) for each in pages), *sdk_modules(), *words))


def write_in_french(folder: Path) -> None:
    """What there is in French: the words, and the services."""
    _write(folder, (("glossaire", glossary.page("fr")), ("services", services.page("fr"))))


def _write(folder: Path, pages: Iterable[tuple[str, str]]) -> None:
    """These pages, and nothing of what was there before."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, words in pages:
        page = folder / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(words, encoding="utf-8")


def commands() -> str:
    return "# Commands\n\n```{eval-rst}\n.. click:: parvis.cli:parvis\n   :prog: parvis\n   :nested: full\n```\n"


def settings() -> str:
    """Each setting by its name in the file, with what it is for and what stands when nothing is said."""
    defaults = {each.encode_name: each for each in msgspec.structs.fields(Settings)}
    rows = (
        (f"`{name}`", meaning.replace("<", "&lt;"), _default(defaults.get(name))) for name, meaning in MEANINGS.items()
    )
    told = (
        "A TOML file, then the environment: `outgoing.proxy` is `PARVIS_OUTGOING_PROXY` there. "
        "See [the guide](../production.md)."
    )
    return f"# Settings\n\n{told}\n\n{table(('setting', 'what it is for', 'when nothing is said'), rows)}"


def _default(field: Any) -> str:
    if field is None or field.default in (msgspec.NODEFAULT, ""):
        return ""
    return f"`{field.default}`"


def rights() -> str:
    """Each right of the core and of the modules, with the roles that have it."""
    brought = (right for found in find_modules().modules for right in found.module.rights)
    rows = (
        (f"`{each.name}`", each.title.en, ", ".join(ROLES[role].title.en for role in each.roles))
        for each in (*RIGHTS, *brought)
    )
    return f"# Rights\n\nSee [who sees what](../roles.md).\n\n{table(('right', 'allows', 'roles'), rows)}"


def modules() -> str:
    """What is installed here, with what it needs and what it brings."""
    rows = (
        (
            f"[{each.module.title.en}](../../plugins/{each.module.name}/README.md)",
            each.module.summary.en,
            ", ".join(each.module.needs),
        )
        for each in find_modules().modules
    )
    told = "Switched on for each town; see [the guide](../modules.md)."
    return f"# Modules\n\n{told}\n\n{table(('module', 'what it does', 'needs'), rows)}"


def api() -> str:
    """Each operation with its parameters, what is sent and what is answered, and every shape below."""
    told = document(every_operation(find_modules()), "Parvis", {})
    lines = [
        "# The API",
        "",
        "Under `/api/v1`; `/api/v1/openapi.json` is the same for programs. See [the guide](../api.md).",
        "",
    ]
    for path, methods in sorted(told["paths"].items()):
        for method, operation in methods.items():
            lines += _operation(path, method, operation)
    lines += ["## Shapes", ""]
    for name, schema in sorted(told["components"]["schemas"].items()):
        lines += [f"### {name}", "", *_shape(schema), ""]
    return "\n".join(lines)


def _operation(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    yield from (f"## `{method.upper()} {path}`", "", f"{operation['summary']}.", "")
    parameters = (
        (f"`{each['name']}`", each["in"], _type(each["schema"]), each.get("description", ""))
        for each in operation["parameters"]
    )
    yield from (table(("parameter", "where", "type", ""), parameters), "") if operation["parameters"] else ()
    for media, sent in operation.get("requestBody", {}).get("content", {}).items():
        yield from (f"Sent as `{media}`: {_type(sent['schema'])}.", "")
    for status, answer in operation["responses"].items():
        answered = ", ".join(f"{_type(of['schema'])} as `{media}`" for media, of in answer.get("content", {}).items())
        yield f"- {status}{f': {answered}' if answered else ''}"
    yield ""


def _shape(schema: dict[str, Any]) -> Iterator[str]:
    if words := schema.get("description"):
        yield from (words, "")
    required = schema.get("required", ())
    rows = (
        (f"`{name}`", _type(each), "yes" if name in required else "", each.get("description", ""))
        for name, each in schema.get("properties", {}).items()
    )
    yield table(("member", "type", "required", ""), rows) if schema.get("properties") else _type(schema)


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words: a name of a shape, a list of something, one of several, a type with its format."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(map(_type, schema[several])))
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{each}`" for each in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return " ".join(filter(None, (str(schema.get("type", "anything")), schema.get("format", ""))))


def sdk() -> str:
    """The modules of the sdk, each with the sentence that it opens with."""
    rows = ((f"[{name}](sdk/{name}.md)", first_sentence(module)) for name, module in _public())
    return f"# The sdk\n\nAll that a plugin imports.\n\n{table(('module', ''), rows)}"


def sdk_modules() -> Iterator[tuple[str, str]]:
    for name, module in _public():
        options = (":members:", ":undoc-members:", ":exclude-members: __init__, StructMeta")
        directive = "\n   ".join((f".. automodule:: {module.__name__}", *options))
        yield f"sdk/{name}", f"# {name}\n\n```{{eval-rst}}\n{directive}\n```\n"


def decisions() -> str:
    """What was decided, and why: each record by its number and its title."""
    files = sorted((Path(__file__).parents[1] / "adr").glob("*.md"))
    titles = (each.read_text("utf-8").partition("\n")[0].lstrip("# ") for each in files)
    rows = (f"- [{title}](../adr/{each.name})" for each, title in zip(files, titles, strict=True))
    return "\n".join(("# Decisions", "", "Why it is so.", "", *rows, ""))


def _public() -> Iterator[tuple[str, Any]]:
    for found in pkgutil.iter_modules(parvis_sdk.__path__):
        module = importlib.import_module(f"parvis_sdk.{found.name}")
        own = [value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__]
        if own or hasattr(module, "__all__"):
            yield found.name, module
