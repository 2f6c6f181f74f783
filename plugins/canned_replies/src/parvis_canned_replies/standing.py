"""The ready texts of a town as a process remembers them between two looks."""

from datetime import datetime

from msgspec import Struct

from parvis_canned_replies.ready_texts import ReadyText


class StandingTexts(Struct, frozen=True, kw_only=True):
    """Those of the town in the order in which they are offered, and those that each of its people keeps."""

    texts: tuple[ReadyText, ...]
    own: dict[str, tuple[ReadyText, ...]]
    read_at: datetime


class TownTexts(dict[str, StandingTexts]):
    """The ready texts by town."""
