"""The mark of a question that is not answered, by right."""

from typing import Final


class _Nothing:
    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Final = _Nothing()
