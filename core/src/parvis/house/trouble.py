"""What is wrong with a plugin, said so that whoever reads it knows what to do: who, where, what, so what, now what."""

from msgspec import Struct

LEFT_OUT = "the plugin is left out"
LEAST_PARTS = 4  # who, what, so what, now what


class Trouble(Struct, frozen=True, kw_only=True):
    """One thing that is wrong. A trouble that is not `severe` is a complaint: everything works all the same."""

    who: str
    where: str
    what: str
    so_what: str = LEFT_OUT
    now_what: str
    plugin: str = ""
    severe: bool = True

    def __str__(self) -> str:
        return " · ".join(part for part in (self.who, self.where, self.what, self.so_what, self.now_what) if part)


def one_line(error: BaseException) -> str:
    """An error in one line: its kind and what it says."""
    words = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def parts_of(written: str) -> tuple[str, str, str]:
    """What, so what and now what of a trouble that was written down; all of it as the first where it is none."""
    parts = written.split(" · ")
    return (parts[-3], parts[-2], parts[-1]) if len(parts) >= LEAST_PARTS else (written, "", "")
