"""Answers for anonymous callers, cached for a second: home, public lists, maps.

Made anew after that second and after any write of this process, one is packed anew only where it says something else:
what it shows is its version, so that nothing which a page may come to show can be forgotten here.
"""

import time
from collections import OrderedDict
from typing import Any

from litestar.datastructures import State
from msgspec import Struct

from parvis import clock
from parvis.i18n import LANGUAGES
from parvis.web.bodies import BEST, BROTLI, LEAST, packed, packing, tag_of
from parvis.web.security import Pairs, secured
from parvis.web.town import find_town

_FOR_EVERYBODY = "for_everybody"
"""The option of a handler: its answer depends on town, address and language alone where no cookie is sent."""

SECONDS = 1.0
MOST, MOST_BYTES, LARGEST, _LONGEST = 256, 8_000_000, 400_000, 500
_PERSONAL = frozenset({b"cookie", b"authorization", b"range", b"content-length", b"transfer-encoding"})
_SPOKEN = tuple(f"/{language}/" for language in LANGUAGES)  # addresses that say their language
STEADY, _STEADY_BYTES = 60.0, 25_000  # seconds after which what is still the same is packed as small as can be
_Key = tuple[Any, ...]


class Moment(Struct, frozen=True, kw_only=True, eq=False):
    """When and from what an answer is made: `counted` goes on evenly, `writes` are those of this process."""

    host: Any
    town: Any
    switched: Any
    writes: int
    counted: float

    def holds(self, host: Any) -> bool:
        """Whether what was made then is what would be made now."""
        return (
            self.is_of(host)
            and self.writes == host.engine.writes
            and time.monotonic() - self.counted < SECONDS
            and self.switched is host.modules.of(self.town)
        )

    def is_of(self, host: Any) -> bool:
        """Whether its town is still there as it was then."""
        return self.host is host and self.town is host.jurisdictions.by_code.get(self.town.code)


class Inquiry(Struct, frozen=True, kw_only=True, eq=False):
    """What somebody asks who says nothing of themselves: all that its answer may depend on, at this moment."""

    key: _Key
    moment: Moment


class ReadyAnswer(Struct, frozen=True, kw_only=True, eq=False):
    """A whole answer as it is sent, but for the id of its request; `since` it has been the same."""

    moment: Moment
    route: str
    tag: str
    since: float
    quality: int
    headers: Pairs
    body: bytes


class Ready:
    """The answers of one application that were asked for last, within bounds of number and of memory."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.size = 0
        self._kept: OrderedDict[_Key, ReadyAnswer] = OrderedDict()

    def key_of(self, scope: Any, headers: dict[bytes, bytes], coding: str) -> _Key | None:
        """All that an answer for everybody may depend on. None for a caller with an identity, for a request that is too
        long or malformed, and in tasks with a moved clock.
        """
        if scope["method"] != "GET" or not _PERSONAL.isdisjoint(headers) or len(headers) != len(scope["headers"]):
            return None
        path, query, host = scope["path"], scope["query_string"], headers.get(b"host", b"")
        spoken = b"" if path.startswith(_SPOKEN) else headers.get(b"accept-language", b"")
        if len(path) + len(query) + len(host) + len(spoken) > _LONGEST or clock.is_moved():
            return None
        return host, scope["scheme"], path, query, spoken, coding

    def of(self, key: _Key) -> ReadyAnswer | None:
        """The answer, where it is ready."""
        found = self._kept.get(key)
        if found is None or not found.moment.holds(self.state.deployment.host):
            return None
        self._kept.move_to_end(key)
        return found

    def inquiry(self, key: _Key, scope: Any) -> Inquiry:
        """What is asked, before anything is read for its answer."""
        host = self.state.deployment.host
        town = find_town(host.jurisdictions, scope)
        now, switched = time.monotonic(), host.modules.of(town)
        made_of = Moment(host=host, town=town, switched=switched, writes=host.engine.writes, counted=now)
        return Inquiry(key=key, moment=made_of)

    def made(self, inquiry: Inquiry, scope: Any, start: Any, body: bytes, coding: str) -> ReadyAnswer:
        """The answer that a handler has just made, from now on ready."""
        tag, before, now = tag_of(body), self._kept.get(inquiry.key), inquiry.moment.counted
        same = before if before is not None and before.tag == tag else None
        since = same.since if same else now
        quality = BEST if now - since > STEADY and len(body) <= _STEADY_BYTES else BROTLI
        headers, sent = [*start["headers"], (b"etag", tag.encode())], body
        if coding and len(body) >= LEAST:
            sent = same.body if same and same.quality >= quality else packed(body, coding, quality)
            headers = packing(headers, coding, len(sent))
        made = ReadyAnswer(
            moment=inquiry.moment,
            route=min(scope["route_handler"].paths),
            tag=tag,
            since=since,
            quality=max(quality, same.quality if same else 0),
            headers=secured([each for each in headers if each[0] != b"x-request-id"], scope),
            body=sent,
        )
        self._keep(inquiry.key, made)
        return made

    def _keep(self, key: _Key, made: ReadyAnswer) -> None:
        self._forget(key)
        host = self.state.deployment.host
        for over in [each for each, kept in self._kept.items() if not kept.moment.is_of(host)]:
            self._forget(over)  # a town that was read again would stay in memory as it was
        if len(made.body) > LARGEST or not made.moment.is_of(host):
            return
        self._kept[key] = made
        self.size += len(made.body)
        while self.size > MOST_BYTES or len(self._kept) > MOST:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: _Key) -> None:
        gone = self._kept.pop(key, None)
        self.size -= len(gone.body) if gone is not None else 0


def is_for_everybody(scope: Any, start: Any) -> bool:
    """Whether an answer may be sent to others: its handler says so, and it gives nobody a cookie."""
    handler = scope.get("route_handler")
    said = handler is not None and handler.opt.get(_FOR_EVERYBODY)
    return bool(said) and not any(name == b"set-cookie" for name, _ in start["headers"])
