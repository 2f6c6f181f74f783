"""What a use case needs: the database, the towns, the plugins, the files, and what each room keeps in memory."""

from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from parvis.db import Engine
from parvis.jurisdictions import Jurisdictions
from parvis.plugins import PluginRegistry
from parvis.switches import Switchboard
from parvis_sdk.file_stores import FileStore

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Host:
    """Everything a use case needs. What only one room needs stands in no field: it is kept `of` its kind."""

    engine: Engine
    jurisdictions: Jurisdictions
    plugins: PluginRegistry
    files: FileStore
    secret: bytes
    base_url: str
    modules: Switchboard = field(default_factory=Switchboard)
    memory: dict[type[Any], Any] = field(default_factory=dict)

    def of(self, kind: type[Kept]) -> Kept:
        """What a room keeps in this process, or was given at the start; made when it is first asked for."""
        known: Kept | None = self.memory.get(kind)
        if known is None:
            known = self.memory[kind] = kind()
        return known

    def given(self, kind: type[Kept]) -> Kept | None:
        """What this process was given of that kind at the start; None where it does without."""
        return self.memory.get(kind)

    def having(self, *those: object) -> "Host":
        """The same host with these in the place of others of their kind."""
        return replace(self, memory=self.memory | {type(each): each for each in those})

    def without(self, *kinds: type[Any]) -> "Host":
        """The same host, in which what is kept of these kinds is made anew."""
        return replace(self, memory={kind: each for kind, each in self.memory.items() if kind not in kinds})
