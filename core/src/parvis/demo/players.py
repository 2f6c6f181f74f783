"""Who plays the steps of a story that a module looks after."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from parvis.demo.courses import Step
from parvis.modules import ModuleRegistry, part
from parvis_sdk.workflow import Transition

if TYPE_CHECKING:
    from parvis.demo.playing import Performance


class Player(Struct, frozen=True, kw_only=True):
    """Plays a step, or the answer of a requester, in place of the house; each says whether it was its own to play."""

    take: "Callable[[Performance, Step, Transition], Awaitable[bool]]"
    answer: "Callable[[Performance, str], Awaitable[bool]]"


def players_of(modules: ModuleRegistry) -> tuple[Player, ...]:
    """Those of every module that brings one to the demo."""
    files = (part(name) for name in modules.packages("demo").values())
    return tuple(player for file in files if (player := getattr(file, "PLAYER", None)) is not None)
