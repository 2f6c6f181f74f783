"""What a process of Parvis stands on: web, worker and commands know it, `parvis.deployment` puts it together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from parvis.i18n import Catalogues
from parvis.jurisdictions import JurisdictionMistake, Jurisdictions
from parvis.modules import ModuleRegistry
from parvis.plugins import PluginRegistry
from parvis.requests.host import Host
from parvis.rereading import mistakes_in_files
from parvis.settings import Settings


@dataclass(frozen=True)
class Startup:
    """What a process begins with: modules say by it what they give to rooms of the core."""

    settings: Settings
    environ: Mapping[str, str]
    plugins: PluginRegistry
    towns: Collection[str] = ()


@dataclass(frozen=True)
class Deployment:
    """Everything a process of Parvis needs, composed once. Its database is open only inside `running`."""

    settings: Settings
    host: Host
    catalogues: Catalogues
    loose_ends: tuple[JurisdictionMistake, ...]

    @property
    def to_mend(self) -> tuple[JurisdictionMistake, ...]:
        """What is wrong in the files of the towns although they are served: loose ends, files not read again."""
        away = self.jurisdictions.away.values()
        missed = (each.mistake(self.jurisdictions.folder) for each in away)
        return (*missed, *self.loose_ends, *mistakes_in_files(self.host))

    @property
    def modules(self) -> ModuleRegistry:
        return self.host.modules.registry

    @property
    def jurisdictions(self) -> Jurisdictions:
        return self.host.jurisdictions

    @property
    def plugins(self) -> PluginRegistry:
        return self.host.plugins
