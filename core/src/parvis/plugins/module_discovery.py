"""Finding modules by their entry points, and trying what they name, so that a broken one harms no other."""

from collections.abc import Collection, Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pkgutil import walk_packages
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis.modules import (
    LEFT_OUT,
    InstalledModule,
    Module,
    ModuleRegistry,
    Place,
    part,
    parts,
    registry_of,
    trouble_of,
    without,
)
from parvis.plugins.answers import shown
from parvis.plugins.discovery import NotImported, imported
from parvis.troubles import Trouble
from parvis_sdk.text import Text

GROUP = "parvis.modules"
NOT_IMPORTED = Text(fr="le code ne peut pas être importé\u00a0: {error}", en="its code cannot be imported: {error}")
NEVER_ENDS = Text(fr="son importation ne se termine pas", en="importing it never finishes")
CORRECT = Text(
    fr="corrigez {distribution}, ou désinstallez cette distribution", en="correct {distribution}, or uninstall it"
)
NO_MODULE = Text(fr="le point d’entrée nomme {given}, au lieu d’un Module", en="it names {given} instead of a Module")
OTHER_NAME = Text(
    fr="le module se nomme {name}, et son point d’entrée {point}",
    en="the module is named {name} and its entry point {point}",
)
SAME_NAME = Text(fr="donnez-leur le même nom", en="give both the same name")
LACKS_NOUN = Text(fr="{part} n’a pas de {noun}", en="{part} has no {noun}")
WRONG_FIELD = Text(
    fr="un champ du Module ne peut pas être lu : {error}", en="a field of its Module cannot be read: {error}"
)
CORRECT_FIELD = Text(fr="donnez-lui la valeur que décrit Module", en="give it the value that Module describes")
NOUNS = {
    "tables": (
        "TABLES",
        Text(fr="ajoutez-y TABLES, une suite de classes Table", en="add TABLES to it, a tuple of Table classes"),
    ),
    "part_kinds": (
        "PART_KINDS",
        Text(fr="ajoutez-y PART_KINDS, une suite de PartKind", en="add PART_KINDS to it, a tuple of PartKind"),
    ),
    "personal": ("ERASURE", Text(fr="ajoutez-y ERASURE, un ErasureRule", en="add ERASURE to it, an ErasureRule")),
    "settings": ("SETTINGS", Text(fr="ajoutez-y `SETTINGS`, un `Struct`", en="add SETTINGS to it, a Struct")),
    "town_files": (
        "TOWN_FILES",
        Text(fr="ajoutez-y TOWN_FILES, une suite de TownFile", en="add TOWN_FILES to it, a tuple of TownFile"),
    ),
    "words": ("WORDS", Text(fr="ajoutez-y WORDS, un EntryWords", en="add WORDS to it, an EntryWords")),
    "procedures": (
        "PROCEDURES",
        Text(fr="ajoutez-y PROCEDURES, une suite de Kept", en="add PROCEDURES, a tuple of Kept"),
    ),
}
"""What the host looks for under a name of its own in what a module names, and what to do where it is not there."""
ALONE = {"personal", "settings", "words"}  # one struct; the others are tuples
HAVE = {"tables": "_meta", "part_kinds": "word", "town_files": "usual"}  # by which what lies in a tuple is known
TAKEN = Text(fr="la sorte de pièce {word} est déjà celle de {other}", en="the kind of part {word} is already {other}’s")
OTHER_WORD = Text(fr="donnez-lui un autre mot (tag)", en="give it another word (tag)")
TABLE_TAKEN = Text(fr="la table {table} est déjà celle de {other}", en="the table {table} is already {other}’s")
OTHER_TABLE = Text(fr="donnez-lui un autre nom (tablename)", en="give it another name (tablename)")


def find_modules() -> ModuleRegistry:
    """The modules that are installed; nothing of their code is imported but the declaration itself."""
    found: list[InstalledModule] = []
    troubles: list[Trouble] = []
    for point in sorted(entry_points(group=GROUP), key=lambda each: (each.name, each.value)):
        loaded = load(point)
        if isinstance(loaded, Trouble):
            troubles.append(loaded)
        else:
            found.append(loaded)
    return registry_of(found, troubles)


def load(point: EntryPoint) -> InstalledModule | Trouble:
    """The module that one entry point names, or why it cannot be had."""
    stub = _stub(point)
    loaded = imported(point)
    if isinstance(loaded, NotImported):
        return _trouble(stub, point, loaded)
    module = loaded.named
    if not isinstance(module, Module):
        return _wrong(stub, point, NO_MODULE.format(given=shown(module)), _correct(stub))
    if error := _wrong_field(module):
        return _wrong(stub, point, WRONG_FIELD.format(error=error), CORRECT_FIELD)
    if module.name != point.name:
        return _wrong(stub, point, OTHER_NAME.format(name=module.name, point=point.name), SAME_NAME)
    return InstalledModule(module=module, package=stub.package, distribution=stub.distribution, version=stub.version)


def _wrong_field(module: Module) -> str:
    """What is wrong with the first field that is not of the kind that it must be."""
    try:
        msgspec.convert(structs.asdict(module), Module)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def working(
    registry: ModuleRegistry,
    core_parts: Collection[str] = (),
    core_tables: Collection[str] = (),
    unused: Collection[str] = (),
) -> ModuleRegistry:
    """The modules whose code can be imported, each part that they name; the others are troubles.

    `core_parts` are the words of the kinds of part that the core looks after itself, `core_tables` its tables by name.
    Fields that are `unused` in this process are not looked at.
    """
    whole = without(registry, (trouble for each in registry.modules for trouble in _broken_parts(each, unused)))
    apart = without(whole, _taken_tables(whole, core_tables))
    return without(apart, _taken_kinds(apart, core_parts))


def _taken_tables(registry: ModuleRegistry, core_tables: Collection[str]) -> Iterator[Trouble]:
    """Tables that somebody has already: two that write in one would read what neither wrote."""
    owners = dict.fromkeys(core_tables, "Parvis")
    for each in registry.modules:
        for table in each.table_names:
            if (other := owners.setdefault(table, str(each))) != str(each):
                yield trouble_of(each, "tables", TABLE_TAKEN.format(table=table, other=other), OTHER_TABLE)


def _taken_kinds(registry: ModuleRegistry, core_parts: Collection[str]) -> Iterator[Trouble]:
    """Kinds of part that somebody looks after already: what a request was made with must mean one thing."""
    owners = dict.fromkeys(core_parts, "Parvis")
    for each in registry.modules:
        for kind in ModuleRegistry(modules=(each,)).part_kinds():
            if (other := owners.setdefault(kind.word, str(each))) != str(each):
                point = EntryPoint(name="Module.part_kinds", value=each.module.part_kinds, group=GROUP)
                yield _wrong(each, point, TAKEN.format(word=repr(kind.word), other=other), OTHER_WORD)


def _broken_parts(each: InstalledModule, unused: Collection[str]) -> Iterator[Trouble]:
    for field, name in parts(each.module).items():
        if field in unused:
            continue
        point = EntryPoint(name=f"Module.{field}", value=name, group=GROUP)
        loaded = imported(point)
        if isinstance(loaded, NotImported):
            yield _trouble(each, point, loaded)
        elif field in NOUNS and not _is_noun(field, getattr(loaded.named, NOUNS[field][0], None)):
            noun, now_what = NOUNS[field]
            yield _wrong(each, point, LACKS_NOUN.format(part=name, noun=noun), now_what)


def broken_files(each: InstalledModule, places: Iterable[Place]) -> Iterator[Trouble]:
    """What cannot be imported of the packages that a module names for some places, the first file of each."""
    named = parts(each.module)
    for field in (place for place in places if place in named):
        package = part(named[field])
        for found in walk_packages(getattr(package, "__path__", []), f"{package.__name__}."):
            point = EntryPoint(name=f"Module.{field}", value=found.name, group=GROUP)
            if isinstance(loaded := imported(point), NotImported):
                yield _trouble(each, point, loaded)
                break


def _is_noun(field: str, given: Any) -> bool:
    """Whether what stands under a name that the host looks for is of the kind that it needs there."""
    if field in ALONE:
        return isinstance(given, Struct)
    if field in HAVE:
        return isinstance(given, tuple) and all(hasattr(one, HAVE[field]) for one in given)
    return isinstance(given, tuple)


def _stub(point: EntryPoint) -> InstalledModule:
    """Who an entry point is, before anything is known of its module."""
    nothing = Module(name=point.name, title=Text(fr=point.name), summary=Text(fr=""))
    package = point.module.partition(".")[0]
    if point.dist is None:
        return InstalledModule(module=nothing, package=package)
    return InstalledModule(module=nothing, package=package, distribution=point.dist.name, version=point.dist.version)


def _trouble(each: InstalledModule, point: EntryPoint, why: NotImported) -> Trouble:
    what = NOT_IMPORTED.format(error=why.said) if why.error else NEVER_ENDS
    return _wrong(each, point, what, _correct(each), why.where)


def _correct(each: InstalledModule) -> Text:
    return CORRECT.format(distribution=each.distribution or each.name)


def _wrong(each: InstalledModule, point: EntryPoint, what: Text, now_what: Text, line: str = "") -> Trouble:
    at = f"entry point {point.name}" if point.name == each.name else point.name
    place = " · ".join(part for part in (f"{at} = {point.value}", line) if part)
    return Trouble(who=str(each), where=place, what=what, so_what=LEFT_OUT, now_what=now_what, plugin=each.name)
