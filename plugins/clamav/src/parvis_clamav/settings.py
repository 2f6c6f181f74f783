"""The settings of `clamav`: where clamd answers, how long it may take, and how much it takes."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True, kw_only=True):
    """`socket` is the path of clamd's socket; `host` and `port` where it has none on this machine.

    `seconds` is the time that it gets for one file, `most` the largest file in megabytes: no more than its
    `StreamMaxLength`.
    """

    socket: str = ""
    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65_535)] = 3310
    seconds: Annotated[int, Meta(ge=1, le=240)] = 60
    most: Annotated[int, Meta(ge=1, le=2_000)] = 25

    @property
    def address(self) -> str:
        """Where it answers: a path, or `host:port`; empty when there is none."""
        if self.socket:
            return self.socket
        return f"{self.host}:{self.port}" if self.host else ""
