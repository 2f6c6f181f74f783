"""Why a call is refused: by a code and a sentence in two languages, as many as there are reasons."""

from msgspec import Struct

from parvis_sdk.text import Text


class Refusal(Struct, frozen=True):
    """One reason."""

    status: int
    description: Text


class Refused(Exception):
    """What a call is answered with when it is not done; the first reason gives the status."""

    def __init__(self, *refusals: Refusal, headers: dict[str, str] | None = None) -> None:
        super().__init__(refusals[0].description.fr)
        self.refusals = refusals
        self.headers = headers or {}


def refused(status: int, fr: str, en: str, **headers: str) -> Refused:
    """For one reason; the words of a header are written with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Refused(Refusal(status, Text(fr=fr, en=en)), headers=named)
