"""What the files of a town say for its modules: a file of each, read as the struct that the module declares."""

from collections.abc import Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct

from parvis.modules import ModuleRegistry, part
from parvis.territory import Jurisdiction, Territory
from parvis.territory.mistakes import TerritoryMistake

Settings = TypeVar("Settings", bound=Struct)


def settings_of(town: Jurisdiction, module: str, usual: Settings) -> Settings:
    """What the file `modules/<module>.toml` of a town says, and the usual where it says nothing, or nothing right."""
    try:
        return msgspec.convert(town.module_settings.get(module, {}), type(usual))
    except msgspec.ValidationError:
        return usual  # told among the loose ends of the town


def wrong_settings(territory: Territory, modules: ModuleRegistry) -> Iterator[TerritoryMistake]:
    """What these files say that no module reads: a warning, no refusal."""
    for town in territory.jurisdictions.values():
        for name, values in town.module_settings.items():
            file, found = f"{town.code}/modules/{name}.toml", modules.named(name)
            if found is None or not found.module.settings:
                todo = "install the module, or remove the file"
                yield TerritoryMistake(file=file, key="", what="is read by no module that is installed", todo=todo)
                continue
            try:
                msgspec.convert(values, type(part(found.module.settings).SETTINGS))
            except msgspec.ValidationError as error:
                yield TerritoryMistake(file=file, key="", what=str(error), todo="correct the value that is named")
