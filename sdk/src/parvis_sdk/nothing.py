"""The mark of a question that legitimately has no answer."""

from typing import Final


class _Nothing:
    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Final = _Nothing()
