"""What the entries of a history are called: declared by those who write them, the core's packages first."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from parvis.modules import ModuleRegistry, part
from parvis.requests.history import Entry
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis.jurisdictions import Jurisdiction
    from parvis.requests.host import Host
    from parvis.requests.visibility import Viewer

CORE = (
    "parvis.requests.timeline_titles",
    "parvis.requests.parts.together",
    "parvis.requests.promises.promising",
    "parvis.requests.relations.news_along",
    "parvis.requests.work.untold",
    "parvis.requests.work.priorities",
)
"""The packages that write entries with titles of their own; each declares them under the name WORDS."""

Made = Callable[[RequestType, "Jurisdiction | None", Entry], Text]


class EntryWords(Struct, frozen=True, kw_only=True):
    """What one owner calls its kinds of entries. `values` fill the braces of the titles."""

    titles: dict[str, Text] = {}
    yours: dict[str, Text] = {}  # the same to the person whose doing it was
    values: Callable[[Entry], Mapping[str, Text | str]] | None = None
    made: dict[str, Made] = {}  # titles that take more than that
    lines: Callable[[RequestType, Entry], Iterable[Text]] | None = None  # what is said besides, of any entry
    read: Callable[["Host", "Viewer", Iterable[Entry]], Awaitable[Mapping[int, Text]]] | None = None  # in their place


def entry_words(modules: ModuleRegistry) -> tuple[EntryWords, ...]:
    """Those of the core, then those of every module that is installed, on in some town or not."""
    return tuple(part(name).WORDS for name in (*CORE, *modules.packages("words").values()))


def titles_known(modules: ModuleRegistry) -> dict[str, Text]:
    """The title of every kind of entry that has one."""
    return {kind: title for words in entry_words(modules) for kind, title in words.titles.items()}
