"""What a process of Parvis stands on: web, worker and commands know it, `parvis.host` puts it together."""

from dataclasses import dataclass, field

from parvis.connectors.renewing import LayerRenewal
from parvis.i18n import Catalogues
from parvis.jurisdictions import Jurisdictions, TerritoryMistake
from parvis.modules import ModuleRegistry
from parvis.people.identity_providers import IdentityProvider
from parvis.plugins import PluginRegistry
from parvis.requests.advice.standing_notices import FileNotices
from parvis.requests.heart import Heart
from parvis.settings import Settings


@dataclass(frozen=True)
class Host:
    """Everything a process of Parvis needs, composed once. Its database is open only inside `running`."""

    settings: Settings
    heart: Heart
    catalogues: Catalogues
    loose_ends: tuple[TerritoryMistake, ...]
    renewing: LayerRenewal
    doorways: dict[str, IdentityProvider] = field(default_factory=dict)

    @property
    def to_mend(self) -> tuple[TerritoryMistake, ...]:
        """What is wrong in the files of the towns although they are served: loose ends, notices not read again."""
        board = self.heart.of(FileNotices).board
        notices = board.mistakes if board is not None else ()
        return (*self.loose_ends, *notices, *self.renewing.mistakes)

    @property
    def modules(self) -> ModuleRegistry:
        return self.heart.modules.registry

    @property
    def territory(self) -> Jurisdictions:
        return self.heart.territory

    @property
    def house(self) -> PluginRegistry:
        return self.heart.house
