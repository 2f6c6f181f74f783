"""The rules of the quality scale, each a small function with its sentence."""

import ast
import inspect
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from parvis_sdk.connectors import Connector
from parvis_sdk.request_types import RequestType
from parvis_sdk.settings import secret_names
from parvis_sdk.testing.contract import PluginContract
from parvis_sdk.testing.declared_codes import codes_of
from parvis_sdk.testing.plugins import NOUNS, answer_of, hooks_of
from parvis_sdk.testing.rating import Evidence, Level, Reasons, Rule, Unseen
from parvis_sdk.testing.texts import misprints, missing_words, unlike_placeholders
from parvis_sdk.text import Text

RULES: list[Rule] = []
AT_ONCE, AT_AN_INSTANT = 0.5, 0.05  # seconds, best of three, that a hook may take
SECRET = re.compile(r"secret|password|token|^key$|(api|private|signing)_key$", re.IGNORECASE)
BOUNDED = re.compile(r"<|==|~=")
READ_BY = {
    "contact": r"requester|parties|tracking_url|settled_url|contact",
    "personal": r"answers",
    "attachments": r"attachments|content",
    "followers": r"followers",
    "fees": r"charges",
}
IN_A_WHEEL = Text(
    fr="une roue ne le montre pas\u00a0: jugez le dossier", en="a wheel does not show it: rate the folder"
)
NEEDS_HOST = Text(
    fr="il faut l’hôte\u00a0: parvis plugins rate, là où Parvis est installé",
    en="it needs the host: parvis plugins rate, where Parvis is installed",
)
NO_SETTINGS = Text(
    fr="ses réglages n’ont pas de valeurs usuelles\u00a0: les crochets qui en prennent n’ont pas été appelés",
    en="its settings have no usual values: hooks that take them were not asked",
)

NOTHING_DECLARED = Text(
    fr="avec ses réglages usuels elle ne déclare rien : ses propres essais en disent plus",
    en="with its usual settings it declares nothing: its own tests say more",
)


def rule(level: Level, fr: str, en: str) -> Callable[[Reasons], Reasons]:
    """A rule of that level, by the name of its function."""

    def kept(reasons: Reasons) -> Reasons:
        code = getattr(reasons, "__name__", "rule")
        RULES.append(Rule(code=code, level=level, says=Text(fr=fr, en=en), reasons=reasons))
        return reasons

    return kept


@rule("works", "Le contrat de l’essai est tenu.", "The contract of the kit holds.")
def contract(evidence: Evidence) -> Iterator[str]:
    asked(evidence)
    found = tuple(mistakes_of_contract(evidence))
    if not found and not any(True for _ in evidence.nouns()):
        raise Unseen(NOTHING_DECLARED)
    yield from found


def mistakes_of_contract(evidence: Evidence) -> Iterator[str]:
    holding = type("Contract", (PluginContract,), {"plugin": evidence.plugin, "settings": evidence.settings})()
    with ThreadPoolExecutor(1) as beside:  # where whatever a test raises is a value
        for name, test in inspect.getmembers(holding, inspect.ismethod):
            if name.startswith("test_") and (error := beside.submit(test).exception()) is not None:
                kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
                yield f"{name[5:].replace('_', ' ')}: {kind}{' '.join(str(error).split())[:300]}"


@rule("works", "L’hôte n’a rien à lui reprocher.", "The host has nothing to say against it.")
def no_troubles(evidence: Evidence) -> Iterator[str]:
    if evidence.told is None:
        raise Unseen(NEEDS_HOST)
    yield from evidence.told


@rule("works", "Chaque crochet répond en une demi-seconde.", "Each hook answers within half a second.")
def hooks_answer(evidence: Evidence) -> Iterator[str]:
    yield from slow_hooks(evidence, AT_ONCE)


@rule(
    "works",
    "La distribution dit avec quelles versions du sdk et de Python elle va, jusqu’à laquelle aussi.",
    "The distribution says which releases of the sdk and of Python it works with, and up to which.",
)
def ranges(evidence: Evidence) -> Iterator[str]:
    sdk = [each for each in evidence.requires if re.match(r"parvis[-_.]sdk\b", each) and "extra ==" not in each]
    if not any(BOUNDED.search(each) for each in sdk):
        yield f"it names {sdk[0] if sdk else 'no parvis-sdk'}; name a range with an end, such as parvis-sdk>=0.1,<0.2"
    if not evidence.python:
        yield "it names no requires-python"


@rule(
    "trusted",
    "Ses propres essais héritent du contrat.",
    "It has tests of its own, which inherit the contract.",
)
def tests(evidence: Evidence) -> Iterator[str]:
    files = [path.read_text("utf-8") for path in sorted((folder_of(evidence) / "tests").rglob("*.py"))]
    if not any(re.search(r"\(\s*PluginContract\s*\)", text) for text in files):
        yield f"none of {len(files)} files under tests inherits PluginContract"
    if not any("def test_" in text for text in files):
        yield "it has no test of its own beside the contract"


@rule(
    "trusted",
    "Ses codes sont gardés, de sorte qu’aucun ne disparaît inaperçu.",
    "Its codes are kept, so that none goes away unnoticed.",
)
def codes(evidence: Evidence) -> Iterator[str]:
    declared = set(codes_of(answer_of(evidence.plugin, "request_types", evidence.settings)))
    kept = folder_of(evidence) / "tests/codes.txt"
    if declared and not kept.is_file():
        yield "tests/codes.txt is not there: python -m parvis_sdk.testing.codes makes it"
    elif declared and (new := declared - set(kept.read_text("utf-8").split())):
        yield f"tests/codes.txt does not know {', '.join(sorted(new)[:5])}"


@rule(
    "trusted",
    "Tous ses mots sont là en français et en anglais, et le français est composé comme il faut.",
    "All its words are there in French and in English, and French is set as in print.",
)
def languages(evidence: Evidence) -> Iterator[str]:
    for noun in evidence.nouns():
        who = getattr(noun, "code", None) or getattr(noun, "name", "")
        said: Any = getattr(noun, "contact_method", None) or noun
        if isinstance(said, Struct):
            found = (*missing_words(said), *unlike_placeholders(said), *misprints(said))
            yield from (f"{who} · {each}" for each in found)


@rule(
    "trusted",
    "Elle ne demande d’une personne que ce qu’elle lit.",
    "It asks for nothing of a person that it does not read.",
)
def needs(evidence: Evidence) -> Iterator[str]:
    text = "\n".join(path.read_text("utf-8") for path, _ in evidence.sources())
    for noun in evidence.nouns():
        is_mapped = isinstance(noun, Connector) and bool(noun.mappings)  # which name it for each town
        for need in getattr(noun, "needs", ()) if not is_mapped else ():
            if not re.search(rf"\b({READ_BY.get(need, need)})\b(?!\"\s*[,)])", text):
                yield f"{noun.name} needs {need!r}, and nothing of its package reads it"


@rule(
    "trusted",
    "Ses secrets ne viennent que de ses réglages, qui n’en ont aucun d’avance.",
    "Its secrets come by its settings only, which hold none beforehand.",
)
def secrets(evidence: Evidence) -> Iterator[str]:
    declared = secret_names(type(evidence.settings)) if isinstance(evidence.settings, Struct) else ()
    for field in structs.fields(type(evidence.settings)) if isinstance(evidence.settings, Struct) else ():
        if (field.name in declared or SECRET.search(field.name)) and isinstance(field.default, str) and field.default:
            yield f"the setting {field.name} has a usual value"
    for path, tree in evidence.sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and named(node.value) == "os":
                yield f"{evidence.place(path, node.lineno)} reads the environment itself"
            if isinstance(node, ast.Assign) and is_secret(node):
                yield f"{evidence.place(path, node.lineno)} holds what is named as a secret"


@rule("trusted", "Sa licence est dite.", "Its licence is said.")
def licence(evidence: Evidence) -> Iterator[str]:
    if not evidence.licence:
        yield "its distribution names no licence: license = ... in pyproject.toml"


@rule(
    "trusted",
    "Ce qui change d’une version à l’autre est écrit.",
    "What changes from one release to the next is written down.",
)
def changelog(evidence: Evidence) -> Iterator[str]:
    folder = folder_of(evidence)
    for place in (folder, *folder.parents):  # a repository of several has one for all
        if any(place.glob("CHANGELOG*")):
            return
        if (place / ".git").exists():
            break
    yield "there is no CHANGELOG in its folder or its repository"


@rule(
    "exemplary",
    "Elle livre ses types, et chaque fonction dit ce qu’elle prend et ce qu’elle rend.",
    "It ships its types, and every function says what it takes and what it gives.",
)
def typed(evidence: Evidence) -> Iterator[str]:
    if not (evidence.package / "py.typed").is_file():
        yield "py.typed is not in its package"
    for path, tree in evidence.sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lacking := untyped(node)):
                yield f"{evidence.place(path, node.lineno)} {node.name}() does not say the type of {lacking}"


@rule(
    "exemplary",
    "Sa page montre un exemple et nomme chaque réglage.",
    "Its page shows an example, and names every setting.",
)
def page(evidence: Evidence) -> Iterator[str]:
    if "```" not in evidence.description:
        yield "its README shows no example"
    for field in structs.fields(type(evidence.settings)) if isinstance(evidence.settings, Struct) else ():
        if not re.search(rf"\b{field.encode_name}\b", evidence.description, re.IGNORECASE):
            yield f"its README does not name the setting {field.encode_name}"


@rule("exemplary", "Chaque crochet répond en 50 millisecondes.", "Each hook answers within 50 milliseconds.")
def hooks_answer_at_an_instant(evidence: Evidence) -> Iterator[str]:
    yield from slow_hooks(evidence, AT_AN_INSTANT)


@rule(
    "exemplary",
    "Chaque étape qui est annoncée à la personne l’est dans un message qui lui est propre.",
    "Each step that its requester is told of is told in words of its own.",
)
def messages(evidence: Evidence) -> Iterator[str]:
    for noun in evidence.nouns():
        if isinstance(noun, RequestType):
            said = {each.on for each in noun.messages}
            silent = [each.code for each in noun.workflow.transitions if each.tell and each.code not in said]
            yield from (f"{noun.code}: {code} is told in the words of the host" for code in silent)


@rule(
    "exemplary",
    "Chaque module s’ouvre sur une phrase qui dit ce qu’on y trouve.",
    "Each module opens with a sentence that says what is in it.",
)
def sentences(evidence: Evidence) -> Iterator[str]:
    for path, tree in evidence.sources():
        if not ast.get_docstring(tree):
            yield f"{evidence.place(path, 1)} says nothing of itself"


def asked(evidence: Evidence) -> None:
    """Whether its hooks can be called here."""
    function = hooks_of(evidence.plugin).get("settings")
    if function is not None and evidence.settings is None:
        raise Unseen(NO_SETTINGS)


def folder_of(evidence: Evidence) -> Path:
    if evidence.folder is None:
        raise Unseen(IN_A_WHEEL)
    return evidence.folder


def slow_hooks(evidence: Evidence, seconds: float) -> Iterator[str]:
    asked(evidence)
    for hook in NOUNS:
        if hook in hooks_of(evidence.plugin) and (took := min(asking(evidence, hook) for _ in range(3))) > seconds:
            yield f"{hook}() takes {took * 1000:.0f} ms"


def asking(evidence: Evidence, hook: str) -> float:
    began = time.perf_counter()
    answer_of(evidence.plugin, hook, evidence.settings)
    return time.perf_counter() - began


def is_secret(node: ast.Assign) -> bool:
    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    value = node.value.value if isinstance(node.value, ast.Constant) else None
    is_long = isinstance(value, str) and len(value) >= 16 and " " not in value and "/" not in value
    return is_long and any(SECRET.search(name) for name in names)


def named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def untyped(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The parameters of a function without a type, except `self` and `cls`."""
    taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    names = [each.arg for each in taken if each and not each.annotation and each.arg not in ("self", "cls")]
    return ", ".join([*names, *(["its answer"] if node.returns is None else [])])
