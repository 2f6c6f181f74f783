"""What the files of a town say for its modules: its settings in a file of its name, and the files it reads itself."""

from collections.abc import Iterator
from functools import partial
from typing import Any, TypeVar

import msgspec
import structlog
from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.jurisdictions.reading import JurisdictionMistake, Table
from parvis.jurisdictions.town_files import Offer, Surroundings, TownFile
from parvis.modules import ModuleRegistry, part
from parvis.plugins.trying import Failure, caught_at_once

log = structlog.get_logger("parvis.modules")
Settings = TypeVar("Settings", bound=Struct)


def settings_of(town: Jurisdiction, module: str, usual: Settings) -> Settings:
    """What the file `modules/<module>.toml` of a town says, and the usual where it says nothing, or nothing right."""
    try:
        return msgspec.convert(town.module_settings.get(module, {}), type(usual))
    except msgspec.ValidationError:
        return usual  # told among the loose ends of the town


def wrong_settings(jurisdictions: Jurisdictions, modules: ModuleRegistry) -> Iterator[JurisdictionMistake]:
    """What these files say that no module reads: a warning, no refusal."""
    for town in jurisdictions.by_code.values():
        for name, values in town.module_settings.items():
            file, found = f"{town.code}/modules/{name}.toml", modules.named(name)
            if found is None or not found.module.settings:
                todo = "install the module, or remove the file"
                yield JurisdictionMistake(file=file, key="", what="is read by no module that is installed", todo=todo)
                continue
            try:
                msgspec.convert(values, type(part(found.module.settings).SETTINGS))
            except msgspec.ValidationError as error:
                yield JurisdictionMistake(file=file, key="", what=str(error), todo="correct the value that is named")


def files_of(modules: ModuleRegistry) -> tuple[TownFile[Any], ...]:
    """What these modules read in the folder of a town; one that breaks over it has the usual, and the town is told."""
    return tuple(
        structs.replace(file, read=partial(_read, each.name, file))
        for each in modules.modules
        for file in each.town_files
    )


def _read(module: str, file: TownFile[Any], table: Table, around: Surroundings) -> Any:
    done = caught_at_once(partial(file.read, table, around))
    if isinstance(done, Failure):
        log.error("a module does not read what a town says", module=module, file=file.name, trouble=str(done))
        table.findings.doubt(table.file, table.path, f"cannot be read by the module {module}: {done}", "update it")
        return file.usual
    return done.value


def loose_ends_of(jurisdictions: Jurisdictions, modules: ModuleRegistry, offer: Offer) -> Iterator[JurisdictionMistake]:
    """What these files name that nobody here brings: a warning, no refusal."""
    for town in jurisdictions.by_code.values():
        for each in modules.modules:
            for file in (one for one in each.town_files if one.name in town.from_files):
                done = caught_at_once(partial(_ends_of, file, town, offer))
                if isinstance(done, Failure):
                    log.error("a module does not look through a town", module=each.name, trouble=str(done))
                else:
                    yield from done.value


def _ends_of(file: TownFile[Any], town: Jurisdiction, offer: Offer) -> tuple[JurisdictionMistake, ...]:
    return tuple(file.loose_ends(town, file.of(town), offer))


def zones_named(town: Jurisdiction, modules: ModuleRegistry) -> Iterator[tuple[str, str, str]]:
    """Zones that these files name: the file, the key, the zone."""
    for each in modules.modules:
        for file in (one for one in each.town_files if one.name in town.from_files):
            done = caught_at_once(partial(_zones_of, file, town))
            if isinstance(done, Failure):
                log.error("a module does not look through a town", module=each.name, trouble=str(done))
            else:
                yield from ((file.name, key, zone) for key, zone in done.value)


def _zones_of(file: TownFile[Any], town: Jurisdiction) -> tuple[tuple[str, str], ...]:
    return tuple(file.zones(file.of(town)))


def not_read(jurisdictions: Jurisdictions) -> Iterator[JurisdictionMistake]:
    """Files and sections that nobody here reads, as of a module that was taken out: a warning, no refusal."""
    for town in jurisdictions.by_code.values():
        for name in town.unread:
            file, _, key = name.partition("[")
            what, todo = "is read by nothing that is installed", "install the module that reads it, or remove it"
            file = f"{town.code}/{file.strip() or 'jurisdiction.toml'}"
            yield JurisdictionMistake(file=file, key=key.rstrip("]"), what=what, todo=todo)
