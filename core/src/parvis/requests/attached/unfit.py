"""Why the content of a received file cannot be kept: raised where it is found, told by its code's sentence."""

from typing import Literal

UnfitCode = Literal["file_kind", "file_broken", "file_pixels", "file_swollen", "file_active", "file_locked"]


class Unfit(ValueError):
    """The content cannot be kept; `what` names what was found in it, as the sentence of the code says it."""

    def __init__(self, code: UnfitCode, what: str = "") -> None:
        self.code, self.what = code, what
        super().__init__(f"{code} {what}".strip())
