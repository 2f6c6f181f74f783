"""The public face of the sdk as text, to be read as a diff.

python tests/contracts/sdk_api.py > tests/contracts/sdk_api.txt
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any, get_args

import msgspec

import parvis_sdk
from parvis_sdk.conditions import Condition
from parvis_sdk.parts import KindWord

UNION = " | ".join(kind.__name__ for kind in get_args(Condition))


def lines() -> Iterator[str]:
    """Every public module, and under it every name with its fields, defaults and signature."""
    for module in pkgutil.walk_packages(parvis_sdk.__path__, "parvis_sdk."):
        loaded = importlib.import_module(module.name)
        names = list(_names(loaded)) if _is_public(module.name) else []
        if names:
            yield f"{module.name}"
            yield from (f"    {line}" for line in names)


def _is_public(module: str) -> bool:
    """The testing kit shows what its package offers and its strategies; the files behind them may move."""
    kit = "parvis_sdk.testing."
    return not module.startswith(kit) or module == f"{kit}strategies"


def _names(module: ModuleType) -> Iterator[str]:
    offered = getattr(module, "__all__", None)
    for name, value in vars(module).items():
        if offered is not None and name in offered:
            yield from _told(name, value)
        if offered is not None or name.startswith("_") or inspect.ismodule(value):
            continue
        home = getattr(value, "__module__", module.__name__)
        imported = home != module.__name__ and (inspect.isclass(value) or inspect.isroutine(value))
        if imported or _came_from_elsewhere(name, value, module):
            continue
        yield from _told(name, value)


def _came_from_elsewhere(name: str, value: Any, module: ModuleType) -> bool:
    """Whether a constant was only imported: another module of the sdk, or a library, has the very same object."""
    source = inspect.getsource(module)
    return not re.search(rf"^(class |def |async def )?{re.escape(name)}\b( = |:|\(|\[)", source, re.MULTILINE)


def _told(name: str, value: Any) -> Iterator[str]:
    if inspect.isclass(value) and issubclass(value, msgspec.Struct):
        bases = ", ".join(base.__name__ for base in value.__bases__ if base is not msgspec.Struct)
        tag = value.__struct_config__.tag
        yield f"struct {name}" + (f"({bases})" if bases else "") + (f" tag {tag!r}" if tag else "")
        own = [each for each in msgspec.structs.fields(value) if each.name in vars(value).get("__annotations__", {})]
        for field in own:
            yield f"    {field.name}: {_type(field.type)}{_default(field)}"
        yield from _methods(value)
    elif inspect.isclass(value):
        bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
        yield f"class {name}" + (f"({bases})" if bases else "")
        for key, member in vars(value).items():
            if not key.startswith("_") and isinstance(member, str):
                yield f"    {key} = {str(member)!r}"
        yield from _methods(value)
    elif inspect.isroutine(value):
        yield f"{_def(value)} {name}{_signature(value)}"
    elif get_args(value):
        yield f"{name}: {_type(value)}"
    else:
        yield f"{name}: {type(value).__name__}"


def _methods(kind: type) -> Iterator[str]:
    for name, member in vars(kind).items():
        if name == "__init__" and getattr(kind, "_is_protocol", False):
            continue
        if isinstance(member, property):
            yield f"    {name} -> {_signature(member.fget).rpartition(' -> ')[2]}"
        elif isinstance(member, classmethod):
            if not name.startswith("_"):
                yield f"    classmethod {_def(member.__func__)} {name}{_signature(member.__func__)}"
        elif isinstance(member, KindWord):
            yield f"    {name} -> {_signature(type(member).__get__).rpartition(' -> ')[2]}"
        elif inspect.isroutine(member) and (not name.startswith("_") or name == "__init__"):
            yield f"    {_def(member)} {name}{_signature(member)}"


def _def(function: Any) -> str:
    return "async def" if inspect.iscoroutinefunction(function) else "def"


def _signature(function: Any) -> str:
    return _short(str(inspect.signature(function)))


def _short(words: str) -> str:
    words = re.sub(r"<function (\w+) at 0x\w+>", r"\1", words)
    words = re.sub(r"parvis_sdk\.(?:\w+\.)+|collections\.abc\.|typing\.|datetime\.(?=\w)", "", words)
    words = re.sub(r"Optional\[(~\w+)\]", r"\1 | None", words)  # how Python 3.14 says it
    words = words.replace("pathlib._local.", "pathlib.")  # where Python 3.13 keeps it
    return words.replace("~", "").replace(UNION, "Condition")


def _type(kind: Any) -> str:
    words = kind.__name__ if inspect.isclass(kind) and not hasattr(kind, "__args__") else str(kind)
    words = re.sub(r"ForwardRef\('(\w+)'[^)]*\)", r"\1", words)
    return _short(words)


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.default is not msgspec.NODEFAULT:
        return _short(f" = {field.default!r}")
    if field.default_factory is not msgspec.NODEFAULT:
        return f" = {field.default_factory.__name__}()"
    return ""


BREAKS, ADDS = "breaks", "adds"
OPTIONAL = re.compile(r" = | \*\*?\w+$")


def changes(kept: Sequence[str], told: Sequence[str]) -> list[tuple[str, str]]:
    """What differs between two faces, each with whether it breaks a plugin that fitted the first, or only adds."""
    before, now = dict(_by_place(kept)), dict(_by_place(told))
    found = [(BREAKS, f"{place}: gone") for place in before if place not in now]
    for place, line in now.items():
        was = before.get(place)
        if was is None:
            demands = place.count(" / ") == 2 and place.rpartition(" / ")[0] in before and _demands(before, place, line)
            found.append((BREAKS if demands else ADDS, f"{place}: new{', and asked for' * demands}"))
        elif was != line:
            found.append((ADDS if _wider(was, line) else BREAKS, f"{place}: {was.strip()} -> {line.strip()}"))
    return found


def version_for(found: Sequence[tuple[str, str]], version: str) -> str:
    """The least version of the sdk after `version` that may bring these changes; before 1.0 the minor number breaks."""
    major, minor, patch = (int(part) for part in version.split(".")[:3])
    breaks = any(kind == BREAKS for kind, _ in found)
    if not found:
        return version
    if major:
        return f"{major + 1}.0.0" if breaks else f"{major}.{minor + 1}.0"
    return f"0.{minor + 1}.0" if breaks else f"0.{minor}.{patch + 1}"


def _by_place(face: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each line under its module, its name and its member."""
    module = name = ""
    for line in face:
        depth = (len(line) - len(line.lstrip())) // 4
        words = re.sub(r"^(struct|class|async def|def|classmethod (?:async )?def) ", "", line.strip())
        own = (re.match(r"\w+", words) or [words])[0]
        if depth == 0:
            module = line
            yield module, line
        elif depth == 1:
            name = f"{module} / {own}"
            yield name, line
        else:
            yield f"{name} / {own}", line


def _demands(before: dict[str, str], place: str, line: str) -> bool:
    """Whether a new member is one that those who have the noun must give: a field without a default."""
    noun = before[place.rpartition(" / ")[0]].strip()
    asked = noun.startswith("struct ") and "def " not in line and " -> " not in line and " = " not in line
    return asked or ("(Protocol" in noun and "def " in line)


def _wider(was: str, now: str) -> bool:
    """Whether who fitted the line still does: a default more, or arguments more that may be left out."""
    if "def " not in was:
        return now.startswith(f"{was} = ")
    old, _, old_end = was.rpartition(")")
    new, _, new_end = now.rpartition(")")
    more = new.removeprefix(old).lstrip(", ")
    return old_end == new_end and new.startswith(old) and all(OPTIONAL.search(f" {each}") for each in more.split(", "))


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
