"""Who has something to say in place of a request: owners of what goes on in the town say so."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from parvis.modules import part
from parvis.requests.advice.advice import Advice
from parvis.requests.heart import Heart
from parvis.territory import Jurisdiction
from parvis.territory.notices import Notice
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place

FIRST, LAST = "parvis.requests.advice.by_notice", "parvis.requests.advice.by_schedule"
"""The rooms of the core that advise, before those of modules and after; each has its source under the name ADVICE."""


class Asked(Struct, frozen=True, kw_only=True):
    """What somebody would file: its type, the place and its zones as far as they are known, and clean answers."""

    town: Jurisdiction
    kind: RequestType
    place: Place | None
    zones: tuple[str, ...]
    answers: Mapping[str, Any]
    at: datetime


class AdviceSource(Struct, frozen=True, kw_only=True):
    """What one owner says of a request before it is filed; all but `advise` is told from memory.

    A `last` one is heard only where nobody else has said anything. `asks_little`: only the necessary questions are put
    at that place now. `notices` are posted beside those in the files of a town, of which the `lifted` do not stand.
    """

    advise: Callable[[Heart, Asked], Awaitable[Sequence[Advice]]]
    last: bool = False
    asks_little: Callable[[Heart, Jurisdiction, RequestType, Place | None], bool] | None = None
    notices: Callable[[Heart, Jurisdiction], Sequence[Notice]] | None = None
    lifted: Callable[[Heart, Jurisdiction], Collection[str]] | None = None


def advice_sources(heart: Heart, town: Jurisdiction) -> tuple[AdviceSource, ...]:
    """Notices, then what the modules of a town know, then its schedules; the last ones last."""
    found = (part(FIRST).ADVICE, *heart.modules.heard(AdviceSource, town), part(LAST).ADVICE)
    return tuple(sorted(found, key=lambda each: each.last))
