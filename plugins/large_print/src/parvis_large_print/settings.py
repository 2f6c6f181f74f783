"""The settings of `large_print`."""

from msgspec import Struct

LEAST, MOST = 16.0, 28.0


class Settings(Struct, frozen=True, kw_only=True):
    """`points` is the size of the letters, 18 unless said otherwise; nothing on a sheet is smaller."""

    points: float = 18.0

    def __post_init__(self) -> None:
        if not LEAST <= self.points <= MOST:
            raise ValueError(f"points is a size from {LEAST:g} to {MOST:g}")
