"""Who a plugin is: its name, the distribution that brought it, and the folder its files lie in."""

import sys
from pathlib import Path
from types import ModuleType

from msgspec import Struct


class Origin(Struct, frozen=True, kw_only=True):
    """The author of an answer, as every message names them."""

    name: str
    distribution: str = ""
    version: str = ""
    built_in: bool = False

    def __str__(self) -> str:
        brought_by = f"{self.distribution} {self.version}".strip()
        return f"{self.name} ({brought_by})" if brought_by else self.name


class Found(Struct, frozen=True, kw_only=True):
    """A plugin that was imported and has not been asked anything yet."""

    origin: Origin
    plugin: object

    @classmethod
    def of(cls, name: str, plugin: object, *, distribution: str = "", version: str = "") -> "Found":
        """A plugin at hand, without an entry point."""
        return cls(origin=Origin(name=name, distribution=distribution, version=version), plugin=plugin)


def module_of(plugin: object) -> ModuleType | None:
    """The module that a plugin is, or that its class was written in."""
    if isinstance(plugin, ModuleType):
        return plugin
    return sys.modules.get(type(plugin).__module__)


def folder_of(plugin: object) -> Path | None:
    """The folder of the package around a plugin, where its catalogues and templates are looked for."""
    module = module_of(plugin)
    if module is None or not module.__package__ or not getattr(module, "__file__", None):
        return None
    return Path(str(module.__file__)).parent
